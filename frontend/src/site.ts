/** Every page: its look, and the personal corner of the header. */
import "@styles/site.css";
import commonEn from "@messages/en/common.ftl?raw";
import commonKo from "@messages/ko/common.ftl?raw";
import { me, type Me } from "./me";
import { whileBusy } from "./page";
import { waitedFor } from "./waiting";
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

/** The sheets come with their code when somebody has something in the cart, or asks for it. */
async function offerCart(buttons: NodeListOf<HTMLElement>): Promise<void> {
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => void whileBusy(button, async () => (await import("./buying")).openCart()));
  }
  const { cart, open_checkout } = await me();
  if (cart === 0 && !open_checkout && !waitedFor()) return;
  const { checkout } = await import("./buying");
  // A show's page looks for itself, and shows what it finds.
  if (!document.body.dataset.show) await checkout.find();
}

const cartButtons = document.querySelectorAll<HTMLElement>("[data-cart]");
// Without an answer the cart is asked for again when somebody opens it.
if (document.querySelector("#cart")) offerCart(cartButtons).catch(() => undefined);

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
