import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openDB } from "idb";
import { Pending } from "../src/pending";
import { bytes, keptHere, pictureOf, settle } from "./ingest";

beforeEach(() => void vi.stubGlobal("indexedDB", new IDBFactory()));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function recorded(show: string, epoch: number, ...pieces: string[]): Promise<Pending> {
  const pending = await Pending.create(show);
  if (epoch > 0) pending.open(epoch);
  pieces.forEach((piece, seq) => pending.add(seq, bytes(piece), 250));
  await settle();
  return pending;
}

it("says how much waits, in chunks, bytes and ms of picture", async () => {
  const pending = await recorded("nangok", 1, "a", "bc");
  expect(pending).toMatchObject({ count: 2, bytes: 3, ms: 500 });
  pending.acknowledge(1);
  expect(pending).toMatchObject({ count: 1, bytes: 2, ms: 250 });
  expect(pending.at(0)).toBeUndefined();
  expect(pending.at(1)?.seq).toBe(1);
});

it("has nothing in place of a missing chunk, not its neighbour", async () => {
  const pending = await recorded("nangok", 1, "a", "b");
  pending.add(3, bytes("d"), 250);
  expect(pending.at(2)).toBeUndefined();
  expect(pending.at(3)).toBeUndefined();
});

describe("the next page finds", () => {
  it("what was not acknowledged, and only that", async () => {
    const pending = await recorded("nangok", 1, "a", "b", "c");
    pending.acknowledge(1);
    await settle();
    expect(await keptHere()).toEqual([[1, "bc"]]);
    pending.acknowledge(3);
    await settle();
    expect(await keptHere()).toEqual([]);
  });

  it("epoch after epoch, and last of all what has none yet", async () => {
    await recorded("nangok", 0, "x");
    await recorded("nangok", 10, "c");
    await recorded("nangok", 9, "a", "b");
    expect(await keptHere()).toEqual([
      [9, "ab"],
      [10, "c"],
      [0, "x"],
    ]);
  });

  it("more than ten chunks in the order of their numbers", async () => {
    await recorded("nangok", 1, ...Array.from("abcdefghijklm"));
    expect(await keptHere()).toEqual([[1, "abcdefghijklm"]]);
  });

  it("nothing of another show", async () => {
    await recorded("sillim", 1, "a");
    expect(await keptHere()).toEqual([]);
  });

  it("nothing that was forgotten", async () => {
    const pending = await recorded("nangok", 1, "a", "b");
    await recorded("nangok", 2, "c");
    pending.forget();
    await settle();
    expect(pending).toMatchObject({ count: 0, bytes: 0, ms: 0 });
    expect(await keptHere()).toEqual([[2, "c"]]);
  });
});

describe("a week later", () => {
  const WEEK = 7 * 24 * 60 * 60 * 1000;

  it("nothing is left of any show", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    await recorded("nangok", 1, "a", "b");
    await recorded("sillim", 0, "c");
    vi.setSystemTime(Date.now() + WEEK - 1);
    expect(await keptHere()).toEqual([[1, "ab"]]);
    vi.setSystemTime(Date.now() + 1);
    expect(await Pending.left("insu")).toEqual([]);
    vi.setSystemTime(Date.now() - WEEK);
    expect(await Pending.left("nangok")).toEqual([]);
    expect(await Pending.left("sillim")).toEqual([]);
  });

  it("what was recorded since is still there", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    await recorded("nangok", 1, "a");
    vi.setSystemTime(Date.now() + WEEK);
    await recorded("nangok", 2, "b");
    expect(await keptHere()).toEqual([[2, "b"]]);
  });
});

it("goes on with what a page of the version before left", async () => {
  const chunk = { show: "nangok", epoch: 1, seq: 0, data: bytes("a"), ms: 250 };
  const before = await openDB("golmok-broadcast", 1, {
    upgrade: (db) => void db.createObjectStore("chunks", { keyPath: ["show", "epoch", "seq"] }),
  });
  await before.put("chunks", chunk);
  before.close();
  expect(await keptHere()).toEqual([[1, "a"]]);
});

describe("a recording that gets its epoch later", () => {
  it("moves there with all it holds, and goes on there", async () => {
    const pending = await recorded("nangok", 0, "a", "b");
    expect(pending.isOpen).toBe(false);
    pending.open(4);
    pending.add(2, bytes("c"), 250);
    await settle();
    expect(pending.isOpen).toBe(true);
    expect(await keptHere()).toEqual([[4, "abc"]]);
    pending.acknowledge(3);
    await settle();
    expect(await keptHere()).toEqual([]);
  });
});

it("keeps two recordings begun in the same moment apart", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const first = await recorded("nangok", 0, "a");
  await recorded("nangok", 0, "b");
  first.forget();
  await settle();
  expect(await keptHere()).toEqual([[0, "b"]]);
});

describe("where the browser stores nothing", () => {
  it("the chunks wait in memory", async () => {
    vi.stubGlobal("indexedDB", undefined);
    const pending = await recorded("nangok", 1, "a", "b");
    pending.acknowledge(1);
    expect(pictureOf(pending)).toBe("b");
    expect(await Pending.left("nangok")).toEqual([]);
  });
});

it("goes on in memory when the disk is full", async () => {
  const pending = await recorded("nangok", 1, "a");
  const full = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  pending.add(1, bytes("b"), 250);
  await settle();
  full.mockRestore();
  expect(pictureOf(pending)).toBe("ab");
  expect(await keptHere()).toEqual([[1, "a"]]);
});
