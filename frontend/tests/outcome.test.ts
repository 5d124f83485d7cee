import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { endTitle, endWords, outcomeOf } from "../src/outcome";
import type { Checkout, OrderRef } from "../src/till";
import { teach } from "../src/words";
import { pageIn } from "./page";

const read = (language: string): string => readFileSync(`golmok/messages/${language}/viewer.ftl`, "utf8");
const order = (shop: number, status: OrderRef["status"]): OrderRef => ({ shop, status }) as OrderRef;
const checkout = (status: Checkout["status"], orders: OrderRef[], refund_due = 0): Checkout =>
  ({ status, orders, refund_due, shops: [7, 8].map((id) => ({ id, name: `가게${id}` })) }) as Checkout;

beforeEach(() => {
  pageIn("ko");
  teach({ ko: read("ko"), en: read("en") });
});
afterEach(() => vi.unstubAllGlobals());

test("only money that never came is called declined", () => {
  expect(outcomeOf(checkout("placed", [order(7, "awaiting_payment")]))).toBe("declined");
  expect(outcomeOf(checkout("paid", [order(7, "paid"), order(8, "paid")]))).toBe("paid");
  expect(outcomeOf(checkout("paid", [order(7, "paid"), order(8, "cancelled")], 9900))).toBe("partly");
  expect(outcomeOf(checkout("paid", [order(7, "cancelled")], 9900))).toBe("gone");
  expect(outcomeOf(checkout("over", [order(7, "cancelled")]))).toBe("over");
  expect(outcomeOf(checkout("over", [order(7, "cancelled")], 9900))).toBe("late");
});

test("goods that were gone are named with their shop and the money that comes back", () => {
  const partly = checkout("paid", [order(7, "paid"), order(8, "cancelled")], 9900);
  expect(endTitle(outcomeOf(partly))).toBe("일부만 주문됐어요");
  expect(endWords(partly)).toContain("가게8 상품이 다 팔렸어요");
  expect(endWords(partly)).toContain("9,900원을 돌려드려요");
  expect(endWords(partly)).not.toContain("가게7");
});

test("what was given back already is not promised again", () => {
  expect(endWords(checkout("paid", [order(8, "cancelled")]))).toContain("돈은 돌려드렸어요");
});

test("money that came too late comes back, and a checkout that ran out took none", () => {
  expect(endWords(checkout("over", [order(7, "cancelled")], 9900))).toContain("9,900원을 모두 돌려드려요");
  expect(endWords(checkout("over", []))).toContain("돈은 나가지 않았고");
});

test("nothing needs saying when all is well; what was paid twice does", () => {
  expect(endWords(checkout("paid", [order(7, "paid")]))).toBe("");
  expect(endWords(checkout("paid", [order(7, "paid")], 9900))).toBe("더 낸 돈 9,900원을 돌려드려요.");
});
