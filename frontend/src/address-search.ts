/**
 * Looking for an address while ordering: a combobox over the fields that it fills in, which can be typed into as ever.
 * The pattern is ARIA's editable combobox with list autocomplete (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/).
 */
import addressEn from "@messages/en/address.ftl?raw";
import addressKo from "@messages/ko/address.ftl?raw";
import { wordsOf } from "./composer";
import { copyOf, fill, part } from "./page";
import { till, type Address } from "./till";
import { say, teach } from "./words";

/** Milliseconds without a key before it is asked: a syllable takes several keys. */
const CALM = 350;
const SHORTEST = 2;

/** Which option the arrow leads to: round at both ends, and to none when there is none. */
export function stepTo(active: number, step: number, count: number): number {
  if (count === 0) return -1;
  if (active < 0) return step > 0 ? 0 : count - 1;
  return (active + step + count) % count;
}

export class AddressSearch {
  private readonly opener: HTMLButtonElement;
  private readonly panel: HTMLElement;
  private readonly words: HTMLInputElement;
  private readonly says: HTMLElement;
  private readonly list: HTMLElement;
  private found: Address[] = [];
  private active = -1;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  /** Counts the questions, so that a late answer to an earlier one is dropped. */
  private asked = 0;

  private constructor(
    private readonly form: HTMLFormElement,
    root: HTMLElement,
  ) {
    this.opener = part<HTMLButtonElement>("[data-find-address]", root);
    this.panel = part("#co-search", root);
    this.words = part<HTMLInputElement>("[role=combobox]", root);
    this.says = part("[data-search-says]", root);
    this.list = part("[role=listbox]", root);
    this.opener.addEventListener("click", () => this.toggle(this.panel.hidden));
    this.words.addEventListener("input", (event) => {
      // What is looked for is no part of the order.
      event.stopPropagation();
      this.askSoon();
    });
    this.words.addEventListener("keydown", (event) => this.key(event));
    // Before the field loses the focus to the list.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(this.indexOf(event.target as Element)));
  }

  /** Prepares the search of a form, where the page has one. */
  static prepare(form: HTMLFormElement): void {
    const root = form.querySelector<HTMLElement>("[data-address-search]");
    if (!root) return;
    teach({ ko: addressKo, en: addressEn });
    new AddressSearch(form, root);
  }

  private toggle(isOpen: boolean): void {
    this.panel.hidden = !isOpen;
    this.opener.ariaExpanded = String(isOpen);
    if (!isOpen) {
      this.show([]);
      return;
    }
    this.words.focus();
    // Above the keyboard of a phone, with room for what is found.
    this.opener.scrollIntoView({ block: "start" });
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) this.move(stepTo(this.active, step, this.found.length));
    else if (event.key === "Enter") this.enter();
    else if (event.key === "Escape") this.escape();
    else return;
    // Neither sends the form nor closes the sheet.
    event.preventDefault();
    event.stopPropagation();
  }

  private enter(): void {
    if (this.active >= 0) this.choose(this.active);
    else void this.ask();
  }

  /** First the list goes, then the panel. */
  private escape(): void {
    if (this.found.length > 0) {
      this.show([]);
      return;
    }
    this.toggle(false);
    this.opener.focus();
  }

  private askSoon(): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => void this.ask(), CALM);
  }

  private async ask(): Promise<void> {
    clearTimeout(this.waiting);
    const words = this.words.value.trim();
    const question = ++this.asked;
    this.show([]);
    if (words.length < SHORTEST) {
      this.says.textContent = "";
      return;
    }
    this.says.textContent = say("address-searching");
    try {
      const { items } = await till.searchAddresses(words);
      if (question !== this.asked) return;
      this.show(items);
      this.says.textContent = items.length > 0 ? say("address-found", { count: items.length }) : say("address-none");
    } catch (error) {
      if (question === this.asked) this.says.textContent = wordsOf(error);
    }
    (this.list.hidden ? this.says : this.list).scrollIntoView({ block: "nearest" });
  }

  private show(found: Address[]): void {
    this.found = found;
    this.list.replaceChildren(...found.map(optionOf));
    this.list.hidden = found.length === 0;
    this.words.ariaExpanded = String(found.length > 0);
    this.move(-1);
  }

  private move(to: number): void {
    this.active = to;
    this.words.removeAttribute("aria-activedescendant");
    for (const [index, option] of [...this.list.children].entries()) {
      option.ariaSelected = String(index === to);
      if (index !== to) continue;
      this.words.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
  }

  private indexOf(target: Element): number {
    return [...this.list.children].indexOf(target.closest("[role=option]") ?? target);
  }

  /** Fills in what is known; building and unit are typed behind it. */
  private choose(index: number): void {
    const address = this.found[index];
    if (!address) return;
    this.write("postcode", address.postcode);
    const field = this.write("address", `${address.road} `);
    this.words.value = "";
    this.says.textContent = "";
    this.toggle(false);
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    fill(this.form, "address-hint", say("address-filled"));
  }

  private write(name: string, words: string): HTMLInputElement {
    const field = part<HTMLInputElement>(`[name=${name}]`, this.form);
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return field;
  }
}

function optionOf(address: Address, index: number): HTMLElement {
  const option = copyOf("#address-option");
  option.id = `co-address-${index}`;
  fill(option, "postcode", address.postcode);
  fill(option, "road", address.road);
  fill(option, "lot", address.lot ? say("address-lot", { lot: address.lot }) : "");
  return option;
}
