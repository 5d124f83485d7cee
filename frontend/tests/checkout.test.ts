import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { goesOnWords, holdWords, putBack, wishesAgain } from "../src/checkout";
import { timeLeft } from "../src/countdown";
import { Draft } from "../src/draft";
import { chosenWay, ordersOf, sumsOf } from "../src/receiving";
import type { Checkout, Line, Receive, ShopPart } from "../src/till";
import { teach } from "../src/words";
import { pageIn } from "./page";

const WAYS: Receive[] = [
  { kind: "pickup", fee: 0, remote_fee: 0, total: 19800, note: "" },
  { kind: "parcel", fee: 3500, remote_fee: 3000, total: 23300, note: "" },
];
const shop = (id: number, receive = WAYS): ShopPart => ({ id, slug: `s${id}`, name: `가게${id}`, goods_total: 19800, receive });
const TWO = { shops: [shop(7), shop(8)], goods_total: 39600 };
const TYPED = { name: " 김서울 ", phone: "010-1234-5678", postcode: "08822", address: "난곡로 12" };

afterEach(() => vi.unstubAllGlobals());

test("picking everything up sends no address, even one typed before", () => {
  const body = ordersOf(TWO, { ...TYPED, "fulfilment-7": "pickup", "fulfilment-8": "pickup" });
  expect(body).toMatchObject({ name: "김서울", postcode: "", address: "" });
});

test("one parcel among several shops sends the one address, and every shop its own wish and memo", () => {
  const typed = { ...TYPED, "fulfilment-7": "parcel", "fulfilment-8": "pickup", "memo-7": " 문 앞에 " };
  expect(ordersOf(TWO, typed)).toMatchObject({
    postcode: "08822",
    address: "난곡로 12",
    shops: [
      { shop: 7, fulfilment: "parcel", memo: "문 앞에" },
      { shop: 8, fulfilment: "pickup", memo: "" },
    ],
  });
});

test("an e-mail address goes along when somebody gave one", () => {
  expect(ordersOf(TWO, TYPED).email).toBe("");
  expect(ordersOf(TWO, { ...TYPED, email: " me@example.com " }).email).toBe("me@example.com");
});

test("consent is only what was ticked", () => {
  expect(ordersOf(TWO, TYPED).consent).toBe(false);
  expect(ordersOf(TWO, { ...TYPED, consent: "on" }).consent).toBe(true);
});

test("the way chosen before stays while it is offered", () => {
  expect(chosenWay(WAYS, "parcel")?.total).toBe(23300);
  expect(chosenWay(WAYS.slice(0, 1), "parcel")?.kind).toBe("pickup");
  expect(chosenWay([], "parcel")).toBeUndefined();
});

test("the sum has the delivery of every shop in it", () => {
  expect(sumsOf(TWO, { "fulfilment-7": "parcel", "fulfilment-8": "parcel" })).toEqual({
    goods: 39600,
    fee: 7000,
    total: 46600,
    remote: 6000,
  });
  expect(sumsOf(TWO, {})).toMatchObject({ fee: 0, total: 39600, remote: 0 });
});

const line = (variant: number, name: string, show: string | null = null): Line => ({
  variant,
  product: { id: variant, name, option: "", origin: "", picture: null },
  shop: 7,
  first_paid: false,
  show,
  quantity: 1,
  unit_price: 1,
  goods_total: 1,
});

test("the same once more is asked for where each line was chosen, not where the page is", () => {
  vi.stubGlobal("document", { body: { dataset: { show: "this-page" } } });
  expect(wishesAgain({ lines: [line(1, "인절미", "nangok"), line(2, "절편")] })).toEqual([
    { variant: 1, quantity: 1, show: "nangok" },
    { variant: 2, quantity: 1, show: null },
  ]);
});

test("what was kept before and is not any more is named", () => {
  const before = { id: "a", status: "open", lines: [line(1, "인절미"), line(2, "절편")] } as Checkout;
  expect(putBack(before, { id: "b", lines: [line(2, "절편")] })).toEqual(["인절미"]);
  expect(putBack({ ...before, status: "placed" }, { id: "b", lines: [] })).toEqual([]);
  expect(putBack(undefined, { id: "b", lines: [] })).toEqual([]);
});

test("who changes what they keep near the end of the time hears that it goes on", () => {
  pageIn("ko");
  const read = (language: string): string => readFileSync(`golmok/messages/${language}/viewer.ftl`, "utf8");
  teach({ ko: read("ko"), en: read("en") });
  const before = { id: "a", status: "open", expires_at: "2026-07-20T10:19:30+09:00" } as Checkout;
  const now = { id: "b", expires_at: "2026-07-20T10:20:00+09:00", seconds_left: 95 };
  expect(goesOnWords(before, now)).toBe("시간은 처음 맡아 둔 때부터 흘러요. 2분 안에 주문해 주세요.");
  expect(goesOnWords(before, { ...now, expires_at: "2026-07-20T10:29:00+09:00", seconds_left: 599 })).toBe("");
  expect(goesOnWords(undefined, now)).toBe("");
});

test("the timer speaks in minutes, then in seconds", () => {
  pageIn("ko");
  const read = (language: string): string => readFileSync(`golmok/messages/${language}/viewer.ftl`, "utf8");
  teach({ ko: read("ko"), en: read("en") });
  expect(holdWords(timeLeft(552_000))).toBe("9분 12초 동안 맡아 둘게요");
  expect(holdWords(timeLeft(40_000))).toBe("40초 동안 맡아 둘게요");
});

test("time left never goes below nothing", () => {
  expect(timeLeft(-1)).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 0 });
  expect(timeLeft(90_061_000)).toEqual({ days: 1, hours: 1, minutes: 1, seconds: 1 });
});

test("a draft survives and is forgotten; a broken one is empty", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const draft = new Draft("d", storage);
  draft.keep({ name: "김서울" });
  expect(new Draft("d", storage).read()).toEqual({ name: "김서울" });
  kept.set("d", "{");
  expect(draft.read()).toEqual({});
  draft.forget();
  expect(kept.size).toBe(0);
});
