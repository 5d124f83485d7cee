/** The products of the show: what is held up, what is left, and the buttons for both. */
import { summaryOf, type Goods, type Product, type Variant } from "../goods";
import { copyOf, fill, part, toast, whileBusy } from "../page";
import { say } from "../words";
import { NowCard } from "./now";
import { name, stockLook, stockWords, wholeName } from "./labels";
import type { StudioApi } from "./api";
import { wordsOf } from "./refusal";

export class Counter {
  #pinned: number | null = null;
  readonly #now: NowCard;
  readonly #rows = new Map<number, HTMLElement>();

  constructor(
    readonly goods: Goods,
    private readonly api: StudioApi,
    private readonly announce: (words: string) => void,
  ) {
    const list = part("[data-goods]");
    for (const product of goods.products) {
      const row = this.#rowOf(product);
      this.#rows.set(product.id, row);
      list.append(row);
    }
    this.#now = new NowCard(this);
    part("[data-no-goods]").hidden = goods.products.length > 0;
    goods.addEventListener("change", (event) => this.#show((event as CustomEvent<number>).detail));
  }

  pin(product: number | null): void {
    const before = this.#pinned;
    this.#pinned = product;
    for (const id of [before, product]) if (id !== null) this.#show(id);
    this.#now.show();
  }

  get pinned(): Product | undefined {
    return this.goods.product(this.#pinned);
  }

  #rowOf(product: Product): HTMLElement {
    const row = copyOf("#product-row");
    fill(row, "name", product.name);
    const picture = part<HTMLImageElement>("img", row);
    if (product.picture) picture.src = product.picture;
    picture.hidden = !product.picture;
    part("[data-variants]", row).append(...product.variants.map((variant) => this.#variantRow(product, variant)));
    const button = part("[data-pin]", row);
    button.addEventListener("click", () => void whileBusy(button, () => this.togglePin(product)));
    this.#dress(row, product);
    return row;
  }

  #variantRow(product: Product, variant: Variant): HTMLElement {
    const row = copyOf("#variant-row");
    row.dataset.variant = String(variant.id);
    fill(row, "option", variant.name);
    const button = part("[data-close-sale]", row);
    button.addEventListener("click", () => void whileBusy(button, () => this.toggleSale(product, variant)));
    return row;
  }

  #show(productId: number): void {
    const row = this.#rows.get(productId);
    const product = this.goods.product(productId);
    if (row && product) this.#dress(row, product);
    this.#now.show();
  }

  #dress(row: HTMLElement, product: Product): void {
    const pinned = product.id === this.#pinned;
    row.classList.toggle("card--chosen", pinned);
    row.classList.toggle("item--out", summaryOf(product).out);
    fill(row, "pinned", pinned ? say("studio-pinned") : "");
    const button = part("[data-pin]", row);
    name(button, pinned ? "studio-unpin" : "studio-pin", product.name);
    for (const variant of product.variants) this.#dressVariant(row, product, variant);
  }

  #dressVariant(row: HTMLElement, product: Product, variant: Variant): void {
    const line = part(`[data-variant="${variant.id}"]`, row);
    const stock = part("[data-stock]", line);
    stock.textContent = stockWords(variant);
    stock.className = stockLook(variant);
    const button = part("[data-close-sale]", line);
    name(button, variant.closed ? "studio-reopen" : "studio-sold-out", wholeName(product, variant));
  }

  async togglePin(product: Product): Promise<void> {
    const pinned = product.id === this.#pinned;
    await this.#try(async () => {
      await (pinned ? this.api.unpin() : this.api.pin(product.id));
      this.pin(pinned ? null : product.id);
      this.announce(pinned ? say("studio-unpinned-now") : say("studio-pinned-now", { product: product.name }));
    });
  }

  async toggleSale(product: Product, variant: Variant): Promise<void> {
    const words = variant.closed ? "studio-reopened-now" : "studio-closed-now";
    await this.#try(async () => {
      const now = await (variant.closed ? this.api.reopen(variant.id) : this.api.soldOut(variant.id));
      this.goods.setStock(variant.id, now.left, now.closed);
      this.announce(say(words, { product: wholeName(product, variant) }));
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      toast(wordsOf(error));
    }
  }
}
