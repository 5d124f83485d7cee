/** The talk of a show: lines as they come, calm for eyes and screen readers. */
import { say } from "./words";

export interface ChatLine {
  id: string;
  name: string;
  role: string;
  text: string;
}

/** More lines than anybody scrolls back through; older ones leave the page. */
const KEPT = 200;

export class Chat {
  private readonly seen = new Set<string>();

  constructor(
    private readonly log: HTMLElement,
    private readonly newer: HTMLButtonElement,
  ) {
    newer.addEventListener("click", () => this.toEnd());
    log.addEventListener("scroll", () => {
      if (this.isAtEnd()) this.newer.hidden = true;
    });
  }

  add(line: ChatLine): void {
    if (this.seen.has(line.id)) return;
    this.seen.add(line.id);
    const item = document.createElement("p");
    item.className = line.role === "viewer" ? "line" : "line line--host";
    const name = document.createElement("b");
    name.className = "line__name";
    name.textContent = line.name;
    item.append(name, " ", line.text);
    if (line.role !== "viewer") name.append(hidden(` (${say(`viewer-role-${line.role}`)})`));
    this.append(item);
  }

  /** Something the show tells rather than a person: an order, a product shown. */
  note(text: string): void {
    const item = document.createElement("p");
    item.className = "line line--note";
    item.textContent = text;
    this.append(item);
  }

  clear(): void {
    this.seen.clear();
    this.log.replaceChildren();
  }

  private append(item: HTMLElement): void {
    const follow = this.isAtEnd();
    this.log.append(item);
    while (this.log.childElementCount > KEPT) this.log.firstElementChild?.remove();
    if (follow) this.toEnd();
    else this.newer.hidden = false;
  }

  private isAtEnd(): boolean {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
  }

  private toEnd(): void {
    this.log.scrollTop = this.log.scrollHeight;
    this.newer.hidden = true;
  }
}

function hidden(text: string): HTMLElement {
  const span = document.createElement("span");
  span.className = "visually-hidden";
  span.textContent = text;
  return span;
}
