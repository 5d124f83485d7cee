/** How the goods of each shop of a checkout are received, and what all of it comes to. */
import { copyOf, fill, part } from "./page";
import type { Checkout, Line, Receive, ShopPart } from "./till";
import { say, won } from "./words";

export type Typed = Record<string, string>;

/** Won. `remote` is what Jeju and the islands would add to `total`. */
export interface Sums {
  goods: number;
  fee: number;
  total: number;
  remote: number;
}

/** Which way of receiving is chosen: the typed one while it is offered, else the first. */
export function chosenWay(receive: Receive[], typed: string | undefined): Receive | undefined {
  return receive.find(({ kind }) => kind === typed) ?? receive[0];
}

export function wayOf(shop: ShopPart, typed: Typed): Receive | undefined {
  return chosenWay(shop.receive, typed[`fulfilment-${shop.id}`]);
}

export function sumsOf({ shops, goods_total: goods }: Pick<Checkout, "shops" | "goods_total">, typed: Typed): Sums {
  const ways = shops.map((shop) => wayOf(shop, typed));
  const sum = (amount: (way: Receive) => number): number => ways.reduce((all, way) => all + (way ? amount(way) : 0), 0);
  const fee = sum((way) => way.fee);
  return { goods, fee, total: goods + fee, remote: sum((way) => way.remote_fee) };
}

/** Something is sent, so it has to be known where to. */
export function needsAddress({ shops }: Pick<Checkout, "shops">, typed: Typed): boolean {
  return shops.some((shop) => wayOf(shop, typed)?.kind === "parcel");
}

/** The body for `POST /api/v1/checkouts/{id}/orders`. Picking everything up needs no address. */
export function ordersOf(checkout: Pick<Checkout, "shops">, typed: Typed): Record<string, unknown> {
  const isSent = needsAddress(checkout, typed);
  const word = (name: string): string => typed[name]?.trim() ?? "";
  return {
    name: word("name"),
    phone: word("phone"),
    email: word("email"),
    postcode: isSent ? word("postcode") : "",
    address: isSent ? word("address") : "",
    shops: checkout.shops.map((shop) => ({
      shop: shop.id,
      fulfilment: wayOf(shop, typed)?.kind ?? "",
      memo: word(`memo-${shop.id}`),
    })),
    consent: typed.consent === "on",
    gateway: word("gateway"),
    depositor: word("depositor"),
    receipt: word("receipt"),
    receipt_id: word("receipt_id"),
  };
}

export function nameOf({ product }: Pick<Line, "product">): string {
  return [product.name, product.option].filter(Boolean).join(" ");
}

/** The part of the form about one shop: its goods, the ways to get them, a word to it. */
export function shopForm(shop: ShopPart, lines: Line[], typed: Typed): HTMLElement {
  const form = copyOf("#checkout-shop");
  fill(form, "shop", shop.name);
  part("[data-lines]", form).replaceChildren(...lines.map(lineRow));
  part("[data-ways]", form).replaceChildren(...shop.receive.map((way) => wayCard(shop, way, wayOf(shop, typed))));
  part("[data-error=fulfilment]", form).dataset.error = `fulfilment-${shop.id}`;
  prepareMemo(shop, form, typed);
  return form;
}

function lineRow(line: Line): HTMLElement {
  const row = copyOf("#checkout-line");
  fill(row, "product", nameOf(line));
  fill(row, "quantity", say("viewer-quantity", { count: line.quantity }));
  fill(row, "origin", line.product.origin);
  fill(row, "amount", won(line.goods_total));
  return row;
}

function wayCard(shop: ShopPart, way: Receive, chosen: Receive | undefined): HTMLElement {
  const card = copyOf("#way");
  const input = part<HTMLInputElement>("input", card);
  input.name = `fulfilment-${shop.id}`;
  input.value = way.kind;
  input.checked = way === chosen;
  fill(card, "name", say(way.kind === "pickup" ? "viewer-pickup-long" : "viewer-parcel"));
  fill(card, "note", way.note);
  fill(card, "remote", way.remote_fee > 0 ? say("viewer-remote-fee", { amount: won(way.remote_fee) }) : "");
  fill(card, "fee", won(way.fee));
  part("[data-slot=fee]", card).classList.toggle("choice__price--free", way.fee === 0);
  return card;
}

function prepareMemo(shop: ShopPart, form: HTMLElement, typed: Typed): void {
  const [name, memo] = [`memo-${shop.id}`, part<HTMLInputElement>("[name=memo]", form)];
  const says = part("[data-error=memo]", form);
  memo.name = name;
  memo.value = typed[name] ?? "";
  says.dataset.error = name;
  says.id = `co-${name}-says`;
  memo.setAttribute("aria-describedby", says.id);
  part("[data-slot=memo-label]", form).textContent = say("viewer-memo-to", { shop: shop.name });
  part<HTMLDetailsElement>("details", form).open = memo.value !== "";
}
