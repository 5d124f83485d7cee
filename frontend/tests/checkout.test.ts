import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { chosenWay, holdWords, orderOf } from "../src/checkout";
import { timeLeft } from "../src/countdown";
import { Draft } from "../src/draft";
import type { Receive } from "../src/me";
import { teach } from "../src/words";
import { pageIn } from "./page";

const WAYS: Receive[] = [
  { kind: "pickup", fee: 0, total: 19800, note: "" },
  { kind: "parcel", fee: 3500, total: 23300, note: "" },
];
const TYPED = { name: " 김서울 ", phone: "010-1234-5678", postcode: "08822", address: "난곡로 12", memo: "" };

afterEach(() => vi.unstubAllGlobals());

test("a pick-up sends no address, even one typed before", () => {
  const order = orderOf({ id: "h1" }, { ...TYPED, fulfilment: "pickup" });
  expect(order).toMatchObject({ hold: "h1", name: "김서울", fulfilment: "pickup", postcode: "", address: "" });
});

test("a parcel sends the address", () => {
  const order = orderOf({ id: "h1" }, { ...TYPED, fulfilment: "parcel" });
  expect(order).toMatchObject({ postcode: "08822", address: "난곡로 12" });
});

test("consent is only what was ticked", () => {
  expect(orderOf({ id: "h1" }, TYPED).consent).toBe(false);
  expect(orderOf({ id: "h1" }, { ...TYPED, consent: "on" }).consent).toBe(true);
});

test("the way chosen before stays while it is offered", () => {
  expect(chosenWay(WAYS, "parcel")?.total).toBe(23300);
  expect(chosenWay(WAYS.slice(0, 1), "parcel")?.kind).toBe("pickup");
  expect(chosenWay([], "parcel")).toBeUndefined();
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
