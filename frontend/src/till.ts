/** The till: one checkout, from the goods kept to the money paid. Its shapes are golmok/web/till/shapes.py. */
import { ProblemError, request, type RequestOptions } from "./http";
import { askAgain, becomeBuyer, me } from "./me";

export interface ProductRef {
  id: number;
  name: string;
  option: string;
  origin: string;
  picture: string | null;
}

export interface Line {
  variant: number;
  product: ProductRef;
  shop: number;
  /** Where it was chosen. */
  show: string | null;
  quantity: number;
  /** Not kept: who pays first gets it. */
  first_paid: boolean;
  unit_price: number;
  goods_total: number;
}

export interface Receive {
  kind: "pickup" | "parcel";
  fee: number;
  remote_fee: number;
  total: number;
  note: string;
}

export interface ShopPart {
  id: number;
  slug: string;
  name: string;
  goods_total: number;
  receive: Receive[];
}

export interface OrderRef {
  number: string;
  shop: number;
  status: "awaiting_payment" | "paid" | "cancelled";
  fulfilment: "pickup" | "parcel";
  goods_total: number;
  delivery_fee: number;
  total: number;
  url: string;
}

/** How to pay; `deposit` only in the answer to a return from a window. */
export interface Payment {
  gateway: string;
  reference: string;
  pay_url: string;
  window: Record<string, unknown> | null;
  deposit: { bank: string; account: string; holder: string; amount: number | null; until: string | null } | null;
}

export interface Checkout {
  id: string;
  status: "open" | "placed" | "paid" | "over";
  expires_at: string;
  seconds_left: number;
  can_extend: boolean;
  lines: Line[];
  shops: ShopPart[];
  goods_total: number;
  total: number;
  needs_consent: boolean;
  orders: OrderRef[];
  payment: Payment | null;
  refund_due: number;
}

/** A place that parcels go to. */
export interface Address {
  postcode: string;
  road: string;
  /** The same place by its lot number. */
  lot: string;
}

/** A place in the line before the till: the wish waits there by itself. */
export interface Place {
  /** The number on the slip. */
  place: number;
  ahead: number;
  /** About how long. */
  seconds: number;
  /** Seconds after which to look again. */
  ask_again: number;
}

export function isPlace(answer: Checkout | Place): answer is Place {
  return "ahead" in answer;
}

/** What is asked for: so many of a variant, as seen in a show. */
export interface Wish {
  variant: number;
  quantity: number;
  show: string | null;
}

/** Why one line of several could not be kept. */
export interface RefusedLine {
  variant: number;
  code: string;
  left?: number;
  cap?: number;
}

/** A place in the waiting list of a variant; 1 is the next to be served. */
export interface WaitingPlace {
  variant: number;
  show: string | null;
  quantity: number;
  place: number;
}

/** Where this buyer waits, and what is kept for them. */
export interface Waiting {
  waiting: WaitingPlace[];
  checkout: Checkout | null;
}

const WAITING = "/api/v1/waiting";
const CHECKOUTS = "/api/v1/checkouts";
const LINE = `${CHECKOUTS}/line`;

export const till = {
  start: (lines: Wish[]) => ask<Checkout | Place>("POST", CHECKOUTS, { body: { lines } }),
  /** What came of the buyer's wish, or where it stands. */
  line: () => ask<Checkout | Place>("GET", LINE),
  leaveLine: () => ask<unknown>("DELETE", LINE),
  look: (id: string) => ask<Checkout>("GET", `${CHECKOUTS}/${id}`),
  moreTime: (id: string) => ask<Checkout>("POST", `${CHECKOUTS}/${id}/more-time`),
  giveUp: (id: string) => ask<Checkout>("DELETE", `${CHECKOUTS}/${id}`),
  /** The checkout is the key: sent twice, it is ordered once. */
  place: ({ id }: Pick<Checkout, "id">, body: unknown) =>
    ask<Checkout>("POST", `${CHECKOUTS}/${id}/orders`, { body, headers: { "Idempotency-Key": id } }),
  searchAddresses: (words: string) => ask<{ items: Address[] }>("POST", "/api/v1/addresses/search", { body: { words } }),
  waiting: () => ask<Waiting>("GET", WAITING),
  wait: ({ variant, show, quantity }: Wish, email: string) =>
    ask<Waiting>("PUT", `${WAITING}/${String(variant)}`, { body: { show, quantity, email } }),
  waitNoMore: (variant: number) => ask<Waiting>("DELETE", `${WAITING}/${String(variant)}`),
  pay: ({ pay_url, reference }: NonNullable<Checkout["payment"]>, outcome: string) =>
    ask<Checkout>("POST", pay_url, { body: { outcome, reference } }),
  /** What the window gave the browser, or nothing to look again. */
  returned: (id: string, gateway: string, brought: Record<string, string>) =>
    ask<Checkout>("POST", `${CHECKOUTS}/${id}/payments/${gateway}`, { body: brought }),
};

/** The lines that a refusal to start names. */
export function refusedLines(error: unknown): RefusedLine[] {
  return error instanceof ProblemError && Array.isArray(error.facts.lines) ? (error.facts.lines as RefusedLine[]) : [];
}

/** With the buyer's pass; a pass that ran out is renewed, once. */
async function ask<T>(method: string, url: string, options: RequestOptions = {}): Promise<T> {
  const lent = lentFor(url);
  if (lent) return send<T>(method, url, options, lent);
  const pass = (await me()).buyer_pass ?? (await newPass());
  try {
    return await send<T>(method, url, options, pass);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== 401) throw error;
    return await send<T>(method, url, options, (await askAgain()).buyer_pass ?? (await newPass()));
  }
}

/** The pass that the page of an order found by number and phone was lent for its checkout. */
function lentFor(url: string): string | undefined {
  const { checkout, lent } = document.querySelector<HTMLElement>("[data-lent]")?.dataset ?? {};
  return checkout && url.startsWith(`${CHECKOUTS}/${checkout}`) ? lent : undefined;
}

async function newPass(): Promise<string> {
  return (await becomeBuyer()).buyer_pass ?? "";
}

function send<T>(method: string, url: string, options: RequestOptions, pass: string): Promise<T> {
  return request<T>(method, url, { ...options, headers: { ...options.headers, Authorization: `Bearer ${pass}` } });
}
