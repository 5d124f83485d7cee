/** The one small private request of a page: who is looking, and what of theirs is under way. */
import { request } from "./http";
import type { Checkout, WaitingPlace } from "./till";

export interface Me {
  user: { name: string } | null;
  /** What the account knows of who receives its orders; parts may be empty. */
  recipient: { name: string; phone: string; email: string } | null;
  nickname: string | null;
  role: "viewer" | "merchant" | "helper" | "organiser";
  room_pass: string | null;
  csrf: string;
  /** Opens the till; null until this guest buys for the first time. */
  buyer_pass: string | null;
  open_checkout: Checkout | null;
  waiting: WaitingPlace[];
  orders: number;
  /** Units in the cart. */
  cart: number;
}

let asked: Promise<Me> | undefined;

/** Asked once a page; every module shares the answer. */
export function me(): Promise<Me> {
  return asked ?? askAgain();
}

/** Asks again: a pass ran out, or somebody gave a name. */
export function askAgain(): Promise<Me> {
  const asking = request<Me>("GET", withShow("/api/v1/me"));
  asked = asking;
  asking.catch(() => {
    // A lost answer is not kept: the next who needs it asks anew.
    if (asked === asking) asked = undefined;
  });
  return asking;
}

/** A nickname for talking in a show. */
export async function introduce(nickname: string, show: string): Promise<Me> {
  const { csrf } = await me();
  return keep(await request<Me>("POST", "/api/v1/me/nickname", { body: { nickname, show }, csrf }));
}

/** A pass for the till, for guests too. */
export async function becomeBuyer(): Promise<Me> {
  const { csrf } = await me();
  return keep(await request<Me>("POST", withShow("/api/v1/me/buyer"), { csrf }));
}

function keep(known: Me): Me {
  asked = Promise.resolve(known);
  return known;
}

function withShow(address: string): string {
  const { show } = document.body.dataset;
  return show ? `${address}?show=${encodeURIComponent(show)}` : address;
}
