/** The cart: what somebody means to buy, of however many shops. Nothing in it is kept yet. */
import { request } from "./http";
import { me } from "./me";
import type { Line, RefusedLine, Wish } from "./till";
import { say, won } from "./words";

export interface CartLine extends Omit<Line, "first_paid"> {
  left: number;
  closed: boolean;
  per_buyer_cap: number | null;
}

export interface CartShop {
  id: number;
  slug: string;
  name: string;
  goods_total: number;
  parcel_fee: number;
  /** Won from which a parcel costs nothing. */
  free_parcel_from: number | null;
}

export interface CartState {
  lines: CartLine[];
  shops: CartShop[];
  goods_total: number;
  count: number;
}

export const EMPTY: CartState = { lines: [], shops: [], goods_total: 0, count: 0 };

/** The most of one thing that the cart takes. */
const MOST = 99;

/** How many of a line can be had now; 0 when it is sold out. */
export function mostOfLine({ left, closed, per_buyer_cap: cap }: Pick<CartLine, "left" | "closed" | "per_buyer_cap">): number {
  return closed ? 0 : Math.max(0, Math.min(left, cap ?? MOST, MOST));
}

/** What the till is asked for: everything that is not sold out. */
export function wishesOf({ lines }: Pick<CartState, "lines">): Wish[] {
  const open = lines.filter((line) => mostOfLine(line) > 0);
  return open.map(({ variant, quantity, show }) => ({ variant, quantity, show }));
}

/** Won for what is not sold out, without delivery. */
export function sumOf({ lines }: Pick<CartState, "lines">): number {
  return lines.reduce((sum, line) => sum + (mostOfLine(line) > 0 ? line.goods_total : 0), 0);
}

/** The cart with `quantity` of a line, before the server has answered. */
export function withQuantity(cart: CartState, variant: number, quantity: number): CartState {
  const lines = cart.lines
    .map((line) => (line.variant === variant ? { ...line, quantity, goods_total: line.unit_price * quantity } : line))
    .filter((line) => line.quantity > 0);
  const totalOf = (of: CartLine[]): number => of.reduce((sum, line) => sum + line.goods_total, 0);
  const shops = cart.shops
    .map((shop) => ({ ...shop, goods_total: totalOf(lines.filter((line) => line.shop === shop.id)) }))
    .filter((shop) => lines.some((line) => line.shop === shop.id));
  return { lines, shops, goods_total: totalOf(lines), count: lines.reduce((sum, line) => sum + line.quantity, 0) };
}

/** The cart with a line back in it that was taken out. */
export function withLine(cart: CartState, line: CartLine, shop: CartShop): CartState {
  const shops = cart.shops.some(({ id }) => id === shop.id) ? cart.shops : [...cart.shops, shop];
  const lines = [...cart.lines.filter(({ variant }) => variant !== line.variant), line];
  return withQuantity({ ...cart, lines, shops }, line.variant, line.quantity);
}

/** What a parcel of this shop costs, and how much more makes it free; `goods` in won, without what is sold out. */
export function parcelWords({ parcel_fee: fee, free_parcel_from: free }: CartShop, goods: number): string {
  if (fee === 0 || (free !== null && goods >= free)) return say("viewer-cart-parcel-free");
  if (free === null) return say("viewer-cart-parcel", { fee: won(fee) });
  return say("viewer-cart-parcel-gap", { amount: won(free - goods), fee: won(fee) });
}

/** What stands in the way of a line; empty when nothing does. A refusal of the till knows best. */
export function lineTrouble(line: CartLine, refused?: RefusedLine): string {
  const most = mostOfLine(line);
  if (most === 0 || refused?.code === "sold-out") return say("viewer-sold-out");
  if (refused?.code === "product-not-in-show") return say("viewer-cart-not-sold");
  const cap = refused?.cap ?? line.per_buyer_cap;
  if (refused?.code === "per-buyer-cap" || (cap !== null && line.quantity > cap)) return say("viewer-cap", { count: cap ?? most });
  const left = refused?.left ?? line.left;
  return line.quantity > left ? say("viewer-cart-only-left", { count: left }) : "";
}

/** Says "change" whenever something in it is different. */
export class Cart extends EventTarget {
  state = EMPTY;
  private count: number | undefined;
  private loading: Promise<void> | undefined;
  private sending: Promise<void> = Promise.resolve();
  private sent = 0;

  /** Units, known before the lines are. */
  get units(): number {
    return this.count ?? this.state.count;
  }

  /** As the page heard it with everything else about its visitor. */
  expect(units: number): void {
    if (this.loading) return;
    this.count = units;
    this.dispatchEvent(new Event("change"));
  }

  /** As it is now. */
  async load(): Promise<void> {
    await this.sending.catch(() => undefined);
    const before = this.sent;
    this.loading = request<CartState>("GET", "/api/v1/cart").then((state) => {
      // What was changed since answers with the whole cart itself.
      if (before === this.sent) this.become(state);
    });
    await this.loading;
  }

  /** `quantity` more of a variant. */
  async add({ variant, quantity, show }: Wish): Promise<void> {
    await this.load();
    const has = this.state.lines.find((line) => line.variant === variant)?.quantity ?? 0;
    await this.put({ variant, quantity: Math.min(MOST, has + quantity), show });
  }

  /** So many of a line: shown at once, told to the server in order; what the server refuses is undone. */
  async set(line: CartLine, quantity: number): Promise<void> {
    this.become(withQuantity(this.state, line.variant, quantity));
    await this.put({ variant: line.variant, quantity, show: line.show });
  }

  /** Undoes having taken a line out. */
  async putBack(line: CartLine, shop: CartShop): Promise<void> {
    this.become(withLine(this.state, line, shop));
    await this.put(line);
  }

  /** When the server knows of every change. */
  async settled(): Promise<void> {
    await this.sending;
  }

  private put({ variant, quantity, show }: Wish): Promise<void> {
    const number = ++this.sent;
    const send = async (): Promise<void> => {
      const { csrf } = await me();
      const state = await request<CartState>("PUT", `/api/v1/cart/${variant}`, { body: { quantity, show }, csrf });
      // An answer older than what was tapped since would flicker.
      if (number === this.sent) this.become(state);
    };
    this.sending = this.sending.catch(() => undefined).then(send);
    return this.sending;
  }

  private become(state: CartState): void {
    this.state = state;
    this.count = undefined;
    this.dispatchEvent(new Event("change"));
  }
}
