/** The sheet of the cart: lines by shop, how many of each, and the way to the till. */
import { Cart, lineTrouble, mostOfLine, parcelWords, sumOf, wishesOf, type CartLine, type CartShop } from "./cart";
import { wordsOf } from "./composer";
import { copyOf, fill, part, whileBusy } from "./page";
import { nameOf } from "./receiving";
import { openSheet, prepareSheet } from "./sheet";
import { refusedLines, type RefusedLine, type Wish } from "./till";
import { count, say, won } from "./words";

export class CartSheet {
  private readonly dialog = part<HTMLDialogElement>("#cart");
  private readonly list = part("[data-cart-shops]", this.dialog);
  private readonly order = part<HTMLButtonElement>("[data-order]", this.dialog);
  private readonly removed = new Map<number, { line: CartLine; shop: CartShop }>();
  private refused: RefusedLine[] = [];

  constructor(
    private readonly cart: Cart,
    checkOut: (wishes: Wish[]) => Promise<void>,
  ) {
    prepareSheet(this.dialog, { light: true, onClose: () => this.removed.clear() });
    cart.addEventListener("change", () => this.refresh());
    this.order.addEventListener("click", () => void whileBusy(this.order, () => this.goToTill(checkOut)));
    // Going on with what is kept leaves the cart behind.
    for (const button of this.dialog.querySelectorAll("[data-go-on], [data-in-line]"))
      button.addEventListener("click", () => this.dialog.close());
  }

  /** `refused`: what could not be kept when it was asked for. */
  async open(refused: RefusedLine[] = []): Promise<void> {
    this.refused = refused;
    this.say("");
    this.tell(refused.length > 0 ? say("viewer-cart-refused") : "");
    this.refresh();
    openSheet(this.dialog);
    this.dialog.toggleAttribute("data-loading", this.cart.state.lines.length === 0 && this.cart.units > 0);
    try {
      await this.cart.load();
    } catch (error) {
      this.tell(wordsOf(error));
    }
    this.dialog.removeAttribute("data-loading");
    this.refresh();
  }

  private async goToTill(checkOut: (wishes: Wish[]) => Promise<void>): Promise<void> {
    this.tell("");
    try {
      await this.cart.settled();
      await checkOut(wishesOf(this.cart.state));
      this.dialog.close();
    } catch (error) {
      this.refused = refusedLines(error);
      this.tell(this.refused.length > 0 ? say("viewer-cart-refused") : wordsOf(error));
      await this.cart.load().catch(() => undefined);
      this.refresh();
    }
  }

  private refresh(): void {
    const { lines, shops } = this.cart.state;
    const focus = (document.activeElement as HTMLElement | null)?.dataset.key;
    const gone = [...this.removed.values()].filter(({ line }) => !lines.some(({ variant }) => variant === line.variant));
    const shown = [...shops, ...gone.map(({ shop }) => shop).filter((shop) => !shops.some(({ id }) => id === shop.id))];
    const distinct = shown.filter((shop, at) => shown.findIndex(({ id }) => id === shop.id) === at);
    this.list.replaceChildren(...distinct.map((shop) => this.shopPart(shop, lines, gone.map(({ line }) => line))));
    const isEmpty = lines.length === 0 && gone.length === 0;
    part("[data-empty]", this.dialog).hidden = !isEmpty || this.dialog.hasAttribute("data-loading");
    part("[data-foot]", this.dialog).hidden = lines.length === 0;
    fill(this.dialog, "cart-total", won(sumOf(this.cart.state)));
    fill(this.dialog, "cart-left-out", lines.some((line) => mostOfLine(line) === 0) ? say("viewer-cart-left-out") : "");
    this.order.disabled = wishesOf(this.cart.state).length === 0;
    if (focus) this.focusOn(focus);
  }

  /** Everything was drawn anew; who was on a button stays there, or next to it. */
  private focusOn(key: string): void {
    const [, variant = ""] = key.split(" ");
    const near = [key, `undo ${variant}`, `less ${variant}`, `more ${variant}`, `remove ${variant}`];
    const find = (name: string): HTMLButtonElement | null => this.list.querySelector(`[data-key="${name}"]:not(:disabled)`);
    (near.map(find).find(Boolean) ?? part("[data-cart-title]", this.dialog)).focus();
  }

  private shopPart(shop: CartShop, lines: CartLine[], gone: CartLine[]): HTMLElement {
    const mine = lines.filter((line) => line.shop === shop.id);
    const section = copyOf("#cart-shop");
    fill(section, "shop", shop.name);
    fill(section, "parcel", mine.length > 0 ? parcelWords(shop, sumOf({ lines: mine })) : "");
    const rows = [...mine.map((line) => this.row(line)), ...gone.filter((line) => line.shop === shop.id).map((line) => this.ghost(line))];
    part("[data-lines]", section).replaceChildren(...rows);
    return section;
  }

  private row(line: CartLine): HTMLElement {
    const row = copyOf("#cart-line");
    const name = nameOf(line);
    const most = mostOfLine(line);
    const picture = part<HTMLImageElement>("img", row);
    if (line.product.picture) picture.src = line.product.picture;
    picture.hidden = !line.product.picture;
    fill(row, "product", name);
    fill(row, "origin", line.product.origin);
    fill(row, "amount", won(line.goods_total));
    fill(row, "trouble", lineTrouble(line, this.refused.find(({ variant }) => variant === line.variant)));
    row.classList.toggle("cart__line--out", most === 0);
    part(".stepper", row).hidden = most === 0;
    part(".stepper", row).setAttribute("aria-label", name);
    part("output", row).textContent = count(line.quantity);
    this.wire(row, "less", line, line.quantity - 1).disabled = line.quantity <= 1;
    this.wire(row, "more", line, line.quantity + 1).disabled = line.quantity >= most;
    const remove = part<HTMLButtonElement>("[data-remove]", row);
    remove.dataset.key = `remove ${line.variant}`;
    remove.setAttribute("aria-label", say("viewer-cart-remove", { product: name }));
    remove.addEventListener("click", () => this.remove(line));
    return row;
  }

  private wire(row: HTMLElement, what: "less" | "more", line: CartLine, quantity: number): HTMLButtonElement {
    const button = part<HTMLButtonElement>(`[data-${what}]`, row);
    button.dataset.key = `${what} ${line.variant}`;
    button.addEventListener("click", () => this.change(line, quantity));
    return button;
  }

  /** A line just taken out keeps its place until the sheet closes, with the way back. */
  private ghost(line: CartLine): HTMLElement {
    const row = copyOf("#cart-removed");
    fill(row, "removed", say("viewer-cart-removed", { product: nameOf(line) }));
    const undo = part<HTMLButtonElement>("[data-undo]", row);
    undo.dataset.key = `undo ${line.variant}`;
    undo.addEventListener("click", () => void this.putBack(line.variant));
    return row;
  }

  private remove(line: CartLine): void {
    const shop = this.cart.state.shops.find(({ id }) => id === line.shop);
    if (shop) this.removed.set(line.variant, { line, shop });
    this.change(line, 0);
  }

  private async putBack(variant: number): Promise<void> {
    const taken = this.removed.get(variant);
    this.removed.delete(variant);
    if (taken) await this.send(this.cart.putBack(taken.line, taken.shop));
  }

  private change(line: CartLine, quantity: number): void {
    this.refused = this.refused.filter(({ variant }) => variant !== line.variant);
    const values = { product: nameOf(line), count: quantity, amount: won(line.unit_price * quantity) };
    this.say(quantity > 0 ? say("viewer-cart-now", values) : say("viewer-cart-removed", values));
    void this.send(this.cart.set(line, quantity));
  }

  /** What the server does not take is undone by looking at the cart again. */
  private async send(change: Promise<void>): Promise<void> {
    this.tell("");
    try {
      await change;
    } catch (error) {
      this.tell(wordsOf(error));
      await this.cart.load().catch(() => undefined);
    }
  }

  /** For ears alone: whoever sees has the numbers before them. */
  private say(words: string): void {
    part("[data-cart-said]", this.dialog).textContent = words;
  }

  private tell(words: string): void {
    fill(this.dialog, "cart-trouble", words);
  }
}
