import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Courier } from "../src/courier";
import { bytes, Ingest, problem } from "./ingest";

let server: Ingest;
let courier: Courier;

beforeEach(() => {
  server = new Ingest();
  vi.stubGlobal("fetch", vi.fn(server.fetch));
  courier = new Courier("nangok", "secret");
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const answers = (answer: () => Response) => void (server.instead = answer);
const post = () => courier.post(1, 0, bytes("a"));

it("opens, sends, asks and ends under the show's address, with the key in a header", async () => {
  expect(await courier.open("video/webm")).toMatchObject({ epoch: 1, next: 0 });
  expect(await post()).toEqual({ kind: "taken", next: 1 });
  expect(await courier.where(1)).toEqual({ epoch: 1, next: 1, closed: false });
  expect(await courier.end(1)).toMatchObject({ closed: true });
  expect(server.asked).toEqual(["open", "1/0", "1", "1/end"]);
  for (const headers of server.headers) expect(headers).toEqual({ Authorization: "Bearer secret" });
});

describe("an answer means", () => {
  it.each([
    ["out-of-window", 409, { kind: "rewind", next: 7 }],
    ["epoch-closed", 409, { kind: "closed" }],
    ["epoch-not-found", 404, { kind: "closed" }],
    ["chunk-too-large", 413, { kind: "closed" }],
    ["ingest-key-missing", 401, { kind: "refused", code: "ingest-key-missing" }],
    ["ingest-key-wrong", 403, { kind: "refused", code: "ingest-key-wrong" }],
    ["show-not-found", 404, { kind: "refused", code: "show-not-found" }],
    ["show-over", 409, { kind: "refused", code: "show-over" }],
    ["chunk-too-slow", 408, { kind: "again", afterMs: 200 }],
    ["too-many-chunks", 429, { kind: "again", afterMs: 200 }],
    ["broken", 500, { kind: "again", afterMs: 200 }],
  ])("%s: %i", async (code, status, outcome) => {
    answers(() => problem(status, code, { expected: 7 }));
    expect(await post()).toEqual(outcome);
  });

  it("again, when a proxy on the way answers with a page of its own", async () => {
    answers(() => new Response("<h1>Forbidden</h1>", { status: 403 }));
    expect(await post()).toMatchObject({ kind: "again" });
    answers(() => new Response("<h1>Log in to the Wi-Fi</h1>"));
    expect(await post()).toMatchObject({ kind: "again" });
  });

  it("a place to go on from, when the chunk was kept but one before it is missing", async () => {
    answers(() => Response.json({ next: 3 }));
    expect(await courier.post(1, 5, bytes("a"))).toEqual({ kind: "rewind", next: 3 });
  });
});

it("is asked again after longer and longer pauses, 2 s at the most, until one succeeds", async () => {
  server.begun();
  server.down = true;
  const pauses: unknown[] = [];
  for (let tries = 0; tries < 6; tries += 1) pauses.push(await post());
  expect(pauses).toEqual([200, 400, 800, 1600, 2000, 2000].map((afterMs) => ({ kind: "again", afterMs })));
  server.down = false;
  await post();
  server.down = true;
  expect(await post()).toEqual({ kind: "again", afterMs: 200 });
});

describe("the time a request may take", () => {
  it("grows while an uplink is too slow for it, up to what the server allows, and shrinks again", async () => {
    server.begun();
    const allowed = vi.spyOn(AbortSignal, "timeout");
    answers(() => {
      throw new DOMException("too slow", "TimeoutError");
    });
    vi.stubGlobal("fetch", vi.fn(async (url: string, init: RequestInit) => server.fetch(url, init)));
    for (let tries = 0; tries < 4; tries += 1) await post();
    answers(() => Response.json({ next: 1 }));
    await post();
    await post();
    expect(allowed.mock.calls.flat()).toEqual([5000, 10_000, 20_000, 20_000, 20_000, 5000]);
  });

  it("does not grow because the network is gone", async () => {
    const allowed = vi.spyOn(AbortSignal, "timeout");
    server.down = true;
    await post();
    await post();
    expect(allowed.mock.calls.flat()).toEqual([5000, 5000]);
  });
});
