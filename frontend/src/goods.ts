/** What a show sells, as the page says it in its data block; prices and stock follow the feed. */

export interface Variant {
  id: number;
  name: string;
  regular_price: number;
  price: number;
  /** Kept for who starts a checkout, or sold in the order of payment. */
  kind: "hold" | "first_paid";
  per_buyer_cap: number | null;
  left: number;
  closed: boolean;
}

export interface Product {
  id: number;
  shop: string;
  name: string;
  about: string;
  origin: string;
  picture: string | null;
  picture_alt: string;
  parcel: boolean;
  pickup: boolean;
  withdrawal: "seven_days" | "perishable" | "made_to_order";
  variants: Variant[];
}

export interface Seller {
  name: string;
  district: string;
}

export interface ShowData {
  id: string;
  status: "scheduled" | "live" | "ended" | "cancelled";
  title: string;
  /** ms UTC */
  starts_at: number;
  started_at: number | null;
  pinned: number | null;
  products: Product[];
  shops: Record<string, Seller>;
}

/** A product in one line. Lowest price first; several prices make it "from". */
export interface Summary {
  price: number;
  regular: number;
  from: boolean;
  left: number;
  out: boolean;
}

export function summaryOf(product: Product): Summary {
  const open = product.variants.filter((variant) => !isOut(variant));
  const shown = open.length > 0 ? open : product.variants;
  const cheapest = shown.reduce((a, b) => (b.price < a.price ? b : a));
  return {
    price: cheapest.price,
    regular: cheapest.regular_price,
    from: shown.some((variant) => variant.price !== cheapest.price),
    left: open.reduce((sum, variant) => sum + variant.left, 0),
    out: open.length === 0,
  };
}

export function isOut(variant: Variant): boolean {
  return variant.closed || variant.left < 1;
}

/** The most of a variant one buyer may ask for now. */
export function mostOf(variant: Variant): number {
  return isOut(variant) ? 0 : Math.min(variant.left, variant.per_buyer_cap ?? 99, 99);
}

/** The most of a variant one buyer may wait for. */
export function mostToWaitFor({ per_buyer_cap: cap }: Variant): number {
  return Math.min(cap ?? 99, 99);
}

/** Everything on sale in this show; says "change" with a product's id when one of its numbers changes. */
export class Goods extends EventTarget {
  readonly products: Product[];
  readonly shops: Record<string, Seller>;

  constructor(data: Pick<ShowData, "products" | "shops">) {
    super();
    this.products = data.products;
    this.shops = data.shops;
  }

  product(id: number | null): Product | undefined {
    return this.products.find((product) => product.id === id);
  }

  sellerOf(product: Product): Seller | undefined {
    return this.shops[product.shop];
  }

  setStock(variantId: number, left: number, closed: boolean): void {
    this.change(variantId, (variant) => {
      if (variant.left === left && variant.closed === closed) return false;
      Object.assign(variant, { left, closed });
      return true;
    });
  }

  setKind(variantId: number, kind: Variant["kind"]): void {
    this.change(variantId, (variant) => {
      if (variant.kind === kind) return false;
      variant.kind = kind;
      return true;
    });
  }

  setPrice(variantId: number, price: number): void {
    this.change(variantId, (variant) => {
      if (variant.price === price) return false;
      variant.price = price;
      return true;
    });
  }

  private change(variantId: number, apply: (variant: Variant) => boolean): void {
    for (const product of this.products) {
      const variant = product.variants.find(({ id }) => id === variantId);
      if (variant && apply(variant)) this.dispatchEvent(new CustomEvent("change", { detail: product.id }));
    }
  }
}
