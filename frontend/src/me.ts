/** The one small private request of a page: who is looking, and what of theirs is under way. */
import { request } from "./http";

export interface Receive {
  kind: "pickup" | "parcel";
  fee: number;
  total: number;
  note: string;
}

export interface Hold {
  id: string;
  variant: number;
  quantity: number;
  unit_price: number;
  goods_total: number;
  expires_at: string;
  seconds_left: number;
  product: { id: number; name: string; option: string; origin: string; picture: string };
  shop: { slug: string; name: string };
  receive: Receive[];
  needs_consent: boolean;
}

export interface Me {
  user: { name: string } | null;
  nickname: string | null;
  role: "viewer" | "merchant" | "helper" | "organiser";
  room_pass: string | null;
  csrf: string;
  open_hold: Hold | null;
  orders: number;
}

let asked: Promise<Me> | undefined;

/** Asked once a page; every module shares the answer. */
export function me(): Promise<Me> {
  asked ??= ask();
  return asked;
}

/** Asks again: the room pass ran out, or somebody gave a name. */
export function askAgain(): Promise<Me> {
  asked = ask();
  return asked;
}

/** A nickname for talking in a show. */
export async function introduce(nickname: string, show: string): Promise<Me> {
  const { csrf } = await me();
  const known = await request<Me>("POST", "/api/v1/me/nickname", { body: { nickname, show }, csrf });
  asked = Promise.resolve(known);
  return known;
}

function ask(): Promise<Me> {
  const show = document.body.dataset.show;
  return request<Me>("GET", show ? `/api/v1/me?show=${encodeURIComponent(show)}` : "/api/v1/me");
}
