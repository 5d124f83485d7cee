import { expect, test } from "vitest";
import { stepTo } from "../src/address-search";

test("the arrows go round at both ends", () => {
  expect(stepTo(-1, 1, 3)).toBe(0);
  expect(stepTo(-1, -1, 3)).toBe(2);
  expect(stepTo(0, 1, 3)).toBe(1);
  expect(stepTo(2, 1, 3)).toBe(0);
  expect(stepTo(0, -1, 3)).toBe(2);
});

test("nothing is chosen where nothing was found", () => {
  expect(stepTo(-1, 1, 0)).toBe(-1);
});
