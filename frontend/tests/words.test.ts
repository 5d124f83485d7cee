import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { clock, count, dayAndTime, say, teach, timeOfDay, won } from "../src/words";
import { pageIn } from "./page";

const read = (language: string): string => readFileSync(`golmok/messages/${language}/viewer.ftl`, "utf8");
const SEVEN_IN_THE_EVENING = Date.UTC(2022, 6, 20, 10, 0);

afterEach(() => vi.unstubAllGlobals());

describe("in Korean", () => {
  beforeEach(() => {
    pageIn("ko");
    teach({ ko: read("ko"), en: read("en") });
  });

  test("amounts end in 원", () => expect(won(12900)).toBe("12,900원"));

  test("a moment is said as in Seoul", () =>
    expect(dayAndTime(SEVEN_IN_THE_EVENING)).toBe("7월 20일 (수) 오후 7:00"));

  test("a time of day is said as in Seoul", () => expect(timeOfDay(SEVEN_IN_THE_EVENING)).toBe("오후 7:00"));

  test("a message has its values, without invisible marks", () =>
    expect(say("viewer-left", { count: 2 })).toBe("2개 남음"));

  test("large numbers in messages have separators", () =>
    expect(say("viewer-watching", { count: 1204 })).toBe("1,204명 보는 중"));

  test("an unknown message is a mistake of ours", () => expect(() => say("viewer-nothing")).toThrow("viewer-nothing"));
});

describe("in English", () => {
  beforeEach(() => {
    pageIn("en");
    teach({ ko: read("ko"), en: read("en") });
  });

  test("amounts begin with ₩", () => expect(won(12900)).toBe("₩12,900"));

  test("a moment is said as in Seoul", () =>
    expect(dayAndTime(SEVEN_IN_THE_EVENING)).toBe("Wed 20 Jul, 7:00 pm"));

  test("a time of day is said as in Seoul", () => expect(timeOfDay(SEVEN_IN_THE_EVENING)).toBe("7:00 pm"));

  test("one is not many", () => {
    expect(say("viewer-quantity", { count: 1 })).toBe("1 piece");
    expect(say("viewer-quantity", { count: 3 })).toBe("3 pieces");
  });
});

test("counts have separators", () => expect(count(3918)).toBe("3,918"));

test("a running time shows hours only when there are any", () => {
  expect(clock(1_390_000)).toBe("23:10");
  expect(clock(3_909_000)).toBe("1:05:09");
  expect(clock(-5)).toBe("0:00");
});
