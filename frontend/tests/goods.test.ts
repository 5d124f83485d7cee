import { expect, test } from "vitest";
import { Goods, mostOf, summaryOf, type Product, type Variant } from "../src/goods";

const variant = (id: number, price: number, left: number, more: Partial<Variant> = {}): Variant => ({
  id,
  name: "",
  regular_price: 12000,
  price,
  kind: "hold",
  per_buyer_cap: null,
  left,
  closed: false,
  ...more,
});

const product = (...variants: Variant[]): Product => ({
  id: 5,
  shop: "s",
  name: "인절미",
  about: "",
  origin: "찹쌀 국산",
  picture: null,
  picture_alt: "",
  parcel: true,
  pickup: true,
  withdrawal: "perishable",
  variants,
});

test("a product is told by its cheapest form that is left", () => {
  const sold = product(variant(1, 5000, 0), variant(2, 9900, 3), variant(3, 18000, 4));
  expect(summaryOf(sold)).toEqual({ price: 9900, regular: 12000, from: true, left: 7, out: false });
});

test("a product whose forms are all gone is sold out", () => {
  expect(summaryOf(product(variant(1, 9900, 0), variant(2, 9900, 8, { closed: true })))).toMatchObject({ out: true, left: 0 });
});

test("nobody may ask for more than is left, nor than the cap", () => {
  expect(mostOf(variant(1, 9900, 3))).toBe(3);
  expect(mostOf(variant(1, 9900, 30, { per_buyer_cap: 5 }))).toBe(5);
  expect(mostOf(variant(1, 9900, 30, { closed: true }))).toBe(0);
});

test("a change is told once, with the product it is about", () => {
  const goods = new Goods({ products: [product(variant(1, 9900, 3))], shops: {} });
  const told: number[] = [];
  goods.addEventListener("change", (event) => told.push((event as CustomEvent<number>).detail));
  goods.setStock(1, 2, false);
  goods.setStock(1, 2, false);
  goods.setPrice(1, 8900);
  goods.setPrice(99, 1);
  expect(told).toEqual([5, 5]);
  expect(summaryOf(goods.products[0] as Product)).toMatchObject({ price: 8900, left: 2 });
});
