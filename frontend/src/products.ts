/** What is on sale, wherever the page shows it: the list, the product held up, the product's own sheet. */
import { isOut, mostOf, mostToWaitFor, summaryOf, type Goods, type Product, type Variant } from "./goods";
import { copyOf, fill, part } from "./page";
import { openSheet, prepareSheet } from "./sheet";
import type { WaitingPart } from "./waiting-part";
import { say, won } from "./words";

/** Fewer than this asks for attention. The same as in components/stock.html. */
const FEW = 20;

export function stockWords(left: number, out: boolean): string {
  return out ? say("viewer-sold-out") : say("viewer-left", { count: left });
}

export function receiveWords(product: Product): string {
  const ways = [product.pickup ? say("viewer-pickup") : "", product.parcel ? say("viewer-parcel") : ""];
  return ways.filter(Boolean).join(" · ");
}

/** Fills the slots of a product card. The regular price is shown only when it is really higher. */
export function fillCard(card: HTMLElement, product: Product, seller: string): void {
  const { price, regular, from, left, out } = summaryOf(product);
  card.dataset.product = String(product.id);
  card.classList.toggle("product--out", out);
  fill(card, "name", product.name);
  fill(card, "origin", product.origin);
  fill(card, "receive", receiveWords(product));
  fill(card, "seller", seller);
  fillPrice(card, price, regular, from);
  fillStock(card, left, out);
  const picture = card.querySelector<HTMLImageElement>("[data-slot=picture]");
  if (picture) {
    if (product.picture && picture.getAttribute("src") !== product.picture) picture.src = product.picture;
    picture.hidden = !product.picture;
    picture.alt = product.picture_alt;
  }
}

function fillPrice(card: HTMLElement, price: number, regular: number, from: boolean): void {
  const isLower = regular > price;
  fill(card, "price", from ? say("viewer-price-from", { price: won(price) }) : won(price));
  fill(card, "regular", isLower ? won(regular) : "");
  for (const label of card.querySelectorAll<HTMLElement>("[data-slot=price-label]")) label.hidden = !isLower;
  card.querySelector(".price")?.classList.toggle("price--lower", isLower);
}

function fillStock(card: HTMLElement, left: number, out: boolean): void {
  fill(card, "stock", stockWords(left, out));
  for (const chip of card.querySelectorAll("[data-slot=stock]")) {
    chip.classList.toggle("stock--out", out);
    chip.classList.toggle("stock--few", !out && left < FEW);
  }
}

/** The list of goods and the product held up. */
export class Shelf {
  private readonly pinnedCard = part("[data-pinned]");
  private pinned: number | null = null;

  constructor(
    private readonly goods: Goods,
    open: (product: Product) => void,
  ) {
    goods.addEventListener("change", (event) => this.refresh((event as CustomEvent<number>).detail));
    document.addEventListener("click", (event) => {
      const button = (event.target as Element).closest("[data-open-product]");
      const id = button?.closest<HTMLElement>("[data-product]")?.dataset.product;
      const product = id ? goods.product(Number(id)) : undefined;
      if (product) open(product);
    });
  }

  pin(id: number | null): void {
    this.pinned = id;
    const product = this.goods.product(id);
    this.pinnedCard.hidden = !product;
    if (product) this.fillPinned(product);
    for (const card of document.querySelectorAll<HTMLElement>("[data-shelf] [data-product]"))
      card.classList.toggle("card--chosen", card.dataset.product === String(id));
  }

  private refresh(id: number): void {
    const product = this.goods.product(id);
    if (!product) return;
    const seller = this.goods.sellerOf(product)?.name ?? "";
    for (const card of document.querySelectorAll<HTMLElement>(`[data-shelf] [data-product="${id}"]`))
      fillCard(card, product, seller);
    if (id === this.pinned) this.fillPinned(product);
  }

  private fillPinned(product: Product): void {
    const seller = this.goods.sellerOf(product);
    fillCard(this.pinnedCard, product, seller?.name ?? "");
    fill(this.pinnedCard, "district", seller?.district ?? "");
    fill(this.pinnedCard, "mark", seller?.name.slice(0, 1) ?? "");
    const { out } = summaryOf(product);
    part("[data-buy]", this.pinnedCard).textContent = say(out ? "waiting-join" : "viewer-buy");
  }
}

/** What is to be done with so many of what was chosen. */
type Chosen = (variant: Variant, quantity: number, button: HTMLButtonElement) => void;

/** The sheet of one product: option, how many, what it comes to, who sells it and how it goes back. */
export class ProductSheet {
  private readonly dialog = part<HTMLDialogElement>("#product");
  private readonly options = part("[data-options]", this.dialog);
  private readonly buy = part<HTMLButtonElement>("[data-take]", this.dialog);
  private readonly add = part<HTMLButtonElement>("[data-gather]", this.dialog);
  private product: Product | undefined;
  private variant: Variant | undefined;
  private quantity = 1;

  constructor(
    private readonly goods: Goods,
    { take, gather }: Record<"take" | "gather", Chosen>,
    private readonly waiting: Pick<WaitingPart, "about">,
  ) {
    prepareSheet(this.dialog, { light: true });
    goods.addEventListener("change", (event) => {
      if ((event as CustomEvent<number>).detail === this.product?.id) this.refresh();
    });
    this.options.addEventListener("change", (event) => this.choose(Number((event.target as HTMLInputElement).value)));
    part("[data-less]", this.dialog).addEventListener("click", () => this.setQuantity(this.quantity - 1));
    part("[data-more]", this.dialog).addEventListener("click", () => this.setQuantity(this.quantity + 1));
    for (const [button, choose] of [[this.buy, take], [this.add, gather]] as const)
      button.addEventListener("click", () => {
        if (this.variant && !isOut(this.variant)) choose(this.variant, this.quantity, button);
      });
  }

  open(product: Product): void {
    this.product = product;
    this.quantity = 1;
    this.variant = product.variants.find((variant) => !isOut(variant)) ?? product.variants[0];
    this.tell("");
    fill(this.dialog, "about", product.about);
    fill(this.dialog, "withdrawal", say(`viewer-withdrawal-${product.withdrawal.replaceAll("_", "-")}`));
    this.showParticulars(product);
    this.refresh();
    openSheet(this.dialog);
  }

  close(): void {
    this.dialog.close();
  }

  /** What went wrong, above the button that did it. */
  tell(words: string): void {
    fill(this.dialog, "trouble", words);
  }

  private showParticulars(product: Product): void {
    const particulars = document.querySelector(`[data-particulars="${CSS.escape(product.shop)}"]`);
    part("[data-seller]", this.dialog).replaceChildren(...(particulars ? [particulars.cloneNode(true)] : []));
    const notice = document.querySelector(`[data-notice-of="${product.id}"]`);
    part("[data-notice]", this.dialog).replaceChildren(...(notice ? [notice.cloneNode(true)] : []));
  }

  private refresh(): void {
    if (!this.product) return;
    fillCard(part("[data-card]", this.dialog), this.product, this.goods.sellerOf(this.product)?.name ?? "");
    this.showOptions(this.product.variants);
    this.setQuantity(this.quantity);
  }

  private showOptions(variants: Variant[]): void {
    part("[data-options-part]", this.dialog).hidden = variants.length < 2;
    const focused = this.options.contains(document.activeElement);
    this.options.replaceChildren(...variants.map((variant) => this.optionOf(variant)));
    if (focused) this.options.querySelector<HTMLInputElement>("input:checked")?.focus();
  }

  private optionOf(variant: Variant): HTMLElement {
    const option = copyOf("#option");
    const input = part<HTMLInputElement>("input", option);
    input.value = String(variant.id);
    input.checked = variant.id === this.variant?.id;
    fill(option, "name", variant.name);
    fill(option, "stock", stockWords(variant.left, isOut(variant)));
    fill(option, "price", won(variant.price));
    return option;
  }

  private choose(id: number): void {
    this.variant = this.product?.variants.find((variant) => variant.id === id);
    this.setQuantity(this.quantity);
  }

  private setQuantity(wanted: number): void {
    if (!this.variant) return;
    const isGone = isOut(this.variant);
    const most = isGone ? mostToWaitFor(this.variant) : mostOf(this.variant);
    this.quantity = Math.max(1, Math.min(wanted, most));
    part("output", this.dialog).textContent = String(this.quantity);
    part<HTMLButtonElement>("[data-less]", this.dialog).disabled = this.quantity <= 1;
    part<HTMLButtonElement>("[data-more]", this.dialog).disabled = this.quantity >= most;
    const { per_buyer_cap: cap, price } = this.variant;
    fill(this.dialog, "cap", cap === null ? "" : say("viewer-cap", { count: cap }));
    const isFirstPaid = !isGone && this.variant.kind === "first_paid";
    fill(this.dialog, "first-paid", isFirstPaid ? say("viewer-first-paid") : "");
    fill(this.dialog, "sum", isGone ? "" : won(price * this.quantity));
    part("[data-sum]", this.dialog).hidden = part("[data-ways]", this.dialog).hidden = isGone;
    this.waiting.about(isGone ? this.variant : undefined, this.quantity);
  }
}
