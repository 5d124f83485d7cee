import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { aheadWords, timeWords } from "../src/line";
import { isPlace, type Checkout } from "../src/till";
import { keepWaiting, stopWaiting, waitedFor } from "../src/waiting";
import { teach } from "../src/words";
import { pageIn } from "./page";

const words = (lang: "ko" | "en"): string => readFileSync(`golmok/messages/${lang}/line.ftl`, "utf-8");

function learn(lang: "ko" | "en"): void {
  pageIn(lang);
  teach({ ko: words("ko"), en: words("en") });
}

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});
afterEach(() => vi.unstubAllGlobals());

test("how many are ahead is said as people count them", () => {
  learn("ko");
  expect(aheadWords({ ahead: 3511 })).toBe("앞에 3,511명");
  expect(aheadWords({ ahead: 0 })).toBe("이제 차례예요");
  learn("en");
  expect(aheadWords({ ahead: 3511 })).toBe("3,511 people ahead of you");
  expect(aheadWords({ ahead: 1 })).toBe("1 person ahead of you");
});

test("a minute and more is said in minutes, rather one more than one less", () => {
  learn("ko");
  expect(timeWords({ seconds: 4 })).toBe("약 4초");
  expect(timeWords({ seconds: 59 })).toBe("약 59초");
  expect(timeWords({ seconds: 60 })).toBe("약 1분");
  expect(timeWords({ seconds: 61 })).toBe("약 2분");
});

test("a place is told from a checkout", () => {
  expect(isPlace({ place: 1, ahead: 0, seconds: 1, ask_again: 1 })).toBe(true);
  expect(isPlace({ id: "c", lines: [] } as unknown as Checkout)).toBe(false);
});

test("what a tab waits for outlives a reload, until the turn has come", () => {
  expect(waitedFor()).toBeUndefined();
  const waiting = { wishes: [{ variant: 7, quantity: 2, show: "nangok" }], from: 40 };
  keepWaiting(waiting);
  expect(waitedFor()).toEqual(waiting);
  stopWaiting();
  expect(waitedFor()).toBeUndefined();
});
