/** Every page: its look, and the personal corner of the header. */
import "@styles/site.css";
import commonEn from "@messages/en/common.ftl?raw";
import commonKo from "@messages/ko/common.ftl?raw";
import { me, type Me } from "./me";
import { teach } from "./words";

teach({ ko: commonKo, en: commonEn });

function greet(corner: HTMLElement, person: Me): void {
  for (const link of document.querySelectorAll<HTMLElement>("[data-guest]")) link.hidden = person.user !== null;
  const account = corner.querySelector<HTMLTemplateElement>("template[data-account]");
  if (person.user && account) {
    const menu = account.content.cloneNode(true) as DocumentFragment;
    const name = menu.querySelector("[data-name]");
    if (name) name.textContent = person.user.name;
    const token = menu.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
    if (token) token.value = person.csrf;
    corner.replaceChildren(menu);
  } else if (person.orders > 0) {
    corner.querySelector("[data-orders]")?.removeAttribute("hidden");
  }
}

const corner = document.querySelector<HTMLElement>("[data-me]");
if (corner) {
  // Without an answer the header keeps its log-in link, which works by itself.
  me().then(
    (person) => greet(corner, person),
    () => undefined,
  );
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]"))
    if (!menu.contains(event.target as Node)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});
