/** Finding and filling parts of a page. */

/** The one element for `selector`; its absence is a mistake of ours. */
export function part<E extends HTMLElement = HTMLElement>(selector: string, within: ParentNode = document): E {
  const found = within.querySelector<E>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

/** Puts `text` into `[data-slot=name]` and hides the slot when there is none. */
export function fill(within: ParentNode, slot: string, text: string): void {
  for (const element of within.querySelectorAll<HTMLElement>(`[data-slot="${slot}"]`)) {
    if (element.textContent !== text) element.textContent = text;
    element.hidden = text === "";
  }
}

/** The page's data block `id`. */
export function dataOf<T>(id: string): T {
  return JSON.parse(part(`#${id}`).textContent) as T;
}

/** A copy of what a template holds. */
export function copyOf<E extends HTMLElement = HTMLElement>(template: string): E {
  const content = part<HTMLTemplateElement>(template).content.firstElementChild?.cloneNode(true);
  return content as E;
}

/** Says `text` for a few seconds at the foot of the page. */
export function toast(text: string): void {
  const line = document.createElement("p");
  line.className = "toast";
  line.textContent = text;
  part("[data-toasts]").append(line);
  setTimeout(() => line.remove(), 5000);
}

/** Runs `work` while `button` shows that something is under way; a second press does nothing. */
export async function whileBusy(button: HTMLElement, work: () => Promise<void>): Promise<void> {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}
