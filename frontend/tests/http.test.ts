import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProblemError, request } from "../src/http";
import { teach } from "../src/words";
import { pageIn } from "./page";

const read = (language: string): string => readFileSync(`golmok/messages/${language}/common.ftl`, "utf8");

beforeEach(() => {
  pageIn("ko");
  teach({ ko: read("ko"), en: read("en") });
});
afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: string): ReturnType<typeof vi.fn> {
  const fetched = vi.fn(() => Promise.resolve(new Response(status === 204 ? null : body, { status })));
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

async function refusal(): Promise<ProblemError> {
  const error = await request("GET", "/").catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ProblemError);
  return error as ProblemError;
}

test("sends its language, its token and JSON", async () => {
  const fetched = answer(200, "{}");
  await request("POST", "/x", { body: { a: 1 }, csrf: "t" });
  const [, options] = fetched.mock.calls[0] as [string, RequestInit];
  expect(options.headers).toMatchObject({ "Accept-Language": "ko", "X-CSRFToken": "t", "Content-Type": "application/json" });
  expect(options.body).toBe('{"a":1}');
});

test("an empty answer is nothing", async () => {
  answer(204, "");
  expect(await request("DELETE", "/x")).toBeUndefined();
});

test("a problem document keeps its words and numbers", async () => {
  answer(409, JSON.stringify({ type: "/problems/not-enough-left", title: "2개만 남았어요", detail: "줄여 주세요.", left: 2 }));
  const problem = await refusal();
  expect(problem).toMatchObject({ status: 409, code: "not-enough-left", facts: { left: 2 } });
  expect(problem.message).toBe("2개만 남았어요. 줄여 주세요.");
});

test("a proxy's own page becomes plain words", async () => {
  answer(502, "<html>Bad Gateway</html>");
  expect((await refusal()).message).toContain("잠시 뒤에 다시 해 주세요");
});

test("no connection becomes plain words", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed")));
  expect(await refusal()).toMatchObject({ status: 0, code: "no-connection" });
});
