/** The product held up now and the two things done most: the next one, and "sold out". */
import { isOut, type Goods, type Product, type Variant } from "../goods";
import { fill, part, whileBusy } from "../page";
import { say } from "../words";
import { name, stockLook, stockWords, wholeName } from "./labels";

export interface Shelf {
  readonly goods: Goods;
  readonly pinned: Product | undefined;
  togglePin: (product: Product) => Promise<void>;
  toggleSale: (product: Product, variant: Variant) => Promise<void>;
}

/** The next product that can still be sold, round the list; undefined when there is no other. */
export function nextProduct(products: readonly Product[], pinned: Product | undefined): Product | undefined {
  const from = pinned ? products.indexOf(pinned) + 1 : 0;
  const order = [...products.slice(from), ...products.slice(0, from)];
  return order.find((product) => product !== pinned && !product.variants.every(isOut));
}

export class NowCard {
  private readonly stock = part("[data-now-stock]");
  private readonly next = part<HTMLButtonElement>("[data-pin-next]");
  private readonly close = part<HTMLButtonElement>("[data-now-close]");

  constructor(private readonly shelf: Shelf) {
    part("[data-now]").hidden = shelf.goods.products.length === 0;
    this.next.addEventListener("click", () => void whileBusy(this.next, () => this.pinNext()));
    this.close.addEventListener("click", () => void whileBusy(this.close, () => this.closeSale()));
  }

  show(): void {
    const { goods, pinned } = this.shelf;
    fill(document, "now", pinned ? say("studio-now-title", { product: pinned.name }) : say("studio-now-nothing"));
    this.next.textContent = say(pinned ? "studio-pin-next" : "studio-pin-first");
    this.next.hidden = nextProduct(goods.products, pinned) === undefined;
    this.showOnly(pinned, only(pinned));
  }

  /** With several options the list below says which of them is sold out. */
  private showOnly(pinned: Product | undefined, variant: Variant | undefined): void {
    this.stock.hidden = this.close.hidden = true;
    if (!pinned || !variant) return;
    this.stock.hidden = this.close.hidden = false;
    this.stock.textContent = stockWords(variant);
    this.stock.className = stockLook(variant);
    name(this.close, variant.closed ? "studio-reopen" : "studio-sold-out", wholeName(pinned, variant));
  }

  private async pinNext(): Promise<void> {
    const next = nextProduct(this.shelf.goods.products, this.shelf.pinned);
    if (next) await this.shelf.togglePin(next);
  }

  private async closeSale(): Promise<void> {
    const { pinned } = this.shelf;
    const variant = only(pinned);
    if (pinned && variant) await this.shelf.toggleSale(pinned, variant);
  }
}

function only(product: Product | undefined): Variant | undefined {
  return product?.variants.length === 1 ? product.variants[0] : undefined;
}
