import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Cart, lineTrouble, mostOfLine, parcelWords, sumOf, wishesOf, withLine, withQuantity, type CartLine, type CartState } from "../src/cart";
import { teach } from "../src/words";
import { pageIn } from "./page";

const read = (language: string): string => readFileSync(`golmok/messages/${language}/viewer.ftl`, "utf8");
const line = (variant: number, shop: number, more: Partial<CartLine> = {}): CartLine => ({
  variant,
  shop,
  product: { id: variant, name: "인절미", option: "", origin: "", picture: null },
  quantity: 2,
  unit_price: 9900,
  goods_total: 19800,
  show: "nangok",
  left: 10,
  closed: false,
  per_buyer_cap: null,
  ...more,
});
const shop = (id: number) => ({ id, slug: "", name: `가게${id}`, goods_total: 19800, parcel_fee: 3500, free_parcel_from: 50000 });
const CART: CartState = { lines: [line(1, 7), line(2, 8)], shops: [shop(7), shop(8)], goods_total: 39600, count: 4 };

beforeEach(() => {
  pageIn("ko");
  teach({ ko: read("ko"), en: read("en") });
});
afterEach(() => vi.unstubAllGlobals());

test("what is sold out is not asked for and not counted", () => {
  const cart = { lines: [line(1, 7), line(2, 8, { closed: true }), line(3, 8, { left: 0 })] };
  expect(wishesOf(cart)).toEqual([{ variant: 1, quantity: 2, show: "nangok" }]);
  expect(sumOf(cart)).toBe(19800);
});

test("nobody may have more than is left, nor than the cap", () => {
  expect(mostOfLine(line(1, 7))).toBe(10);
  expect(mostOfLine(line(1, 7, { per_buyer_cap: 3 }))).toBe(3);
  expect(mostOfLine(line(1, 7, { left: -1 }))).toBe(0);
});

test("a changed quantity changes every sum; nothing left of a shop takes it out", () => {
  const more = withQuantity(CART, 1, 3);
  expect(more).toMatchObject({ goods_total: 49500, count: 5 });
  expect(more.shops[0]?.goods_total).toBe(29700);
  const less = withQuantity(CART, 1, 0);
  expect(less).toMatchObject({ goods_total: 19800, count: 2 });
  expect(less.shops.map(({ id }) => id)).toEqual([8]);
});

test("what was taken out comes back with its shop and its sums", () => {
  const without = withQuantity(CART, 1, 0);
  const again = withLine(without, line(1, 7), shop(7));
  expect(again).toMatchObject({ goods_total: 39600, count: 4 });
  expect(again.shops.map(({ id, goods_total }) => [id, goods_total])).toEqual([[8, 19800], [7, 19800]]);
});

test("how much more makes the parcel free", () => {
  expect(parcelWords(shop(7), 19800)).toBe("택배비 3,500원, 30,200원 더 담으면 무료");
  expect(parcelWords(shop(7), 50000)).toBe("택배비 무료");
  expect(parcelWords({ ...shop(7), free_parcel_from: null }, 19800)).toBe("택배비 3,500원");
  expect(parcelWords({ ...shop(7), parcel_fee: 0 }, 100)).toBe("택배비 무료");
});

test("a line says what stands in its way, and the till knows best", () => {
  expect(lineTrouble(line(1, 7))).toBe("");
  expect(lineTrouble(line(1, 7, { left: 1 }))).toBe("1개만 남았어요");
  expect(lineTrouble(line(1, 7, { closed: true }))).toBe("다 팔렸어요");
  expect(lineTrouble(line(1, 7), { variant: 1, code: "sold-out" })).toBe("다 팔렸어요");
  expect(lineTrouble(line(1, 7), { variant: 1, code: "not-enough-left", left: 1 })).toBe("1개만 남았어요");
  expect(lineTrouble(line(1, 7), { variant: 1, code: "per-buyer-cap", cap: 1 })).toContain("1개까지");
});

test("quick taps are shown at once and sent in order; only the last answer counts", async () => {
  const sent: number[] = [];
  vi.stubGlobal("document", { documentElement: { lang: "ko" }, body: { dataset: {} } });
  vi.stubGlobal("fetch", (address: string, { body }: { body: string | null }) => {
    if (address.includes("/me")) return Promise.resolve(new Response(JSON.stringify({ csrf: "t" })));
    const { quantity } = JSON.parse(body ?? "{}") as { quantity: number };
    sent.push(quantity);
    return Promise.resolve(new Response(JSON.stringify(withQuantity(CART, 1, quantity))));
  });
  const cart = new Cart();
  cart.state = CART;
  const shown: number[] = [];
  cart.addEventListener("change", () => shown.push(cart.state.lines[0]?.quantity ?? 0));
  await Promise.all([cart.set(line(1, 7), 3), cart.set(line(1, 7), 4)]);
  expect(sent).toEqual([3, 4]);
  expect(shown).toEqual([3, 4, 4]);
});
