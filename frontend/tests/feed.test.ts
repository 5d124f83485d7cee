import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { applyChunk, Feed, Gap, ReplayFeed, type Chunk, type RoomEvent, type RoomState, type Snapshot } from "../src/feed";
import { UNKNOWN } from "../src/feed/state";

type OfType<T extends RoomEvent["type"]> = Extract<RoomEvent, { type: T }>;

/** One of each; the compiler refuses a type or field that is missing or too many. */
const EXAMPLES: { [T in RoomEvent["type"]]: OfType<T> } = {
  show: { type: "show", offset: 0, at: 1, phase: "live" },
  picture: { type: "picture", offset: 1, at: 2, state: "flowing" },
  chat: { type: "chat", offset: 2, at: 3, id: "a", name: "느티나무", role: "viewer", text: "안녕하세요" },
  pin: { type: "pin", offset: 3, at: 4, product: 5 },
  unpin: { type: "unpin", offset: 4, at: 5 },
  stock: { type: "stock", offset: 5, at: 6, variant: 7, left: 13, closed: false },
  price: { type: "price", offset: 6, at: 7, variant: 7, price: 9900 },
  order: { type: "order", offset: 7, at: 8, name: "김*울", product: 5, quantity: 2 },
  viewers: { type: "viewers", offset: 8, at: 9, count: 12 },
  hearts: { type: "hearts", offset: 9, at: 10, count: 3918 },
};

const BEGUN: RoomState = { ...UNKNOWN, epoch: "k3f" };

function chat(offset: number, at = offset): OfType<"chat"> {
  return { type: "chat", offset, at, id: String(offset), name: "느티나무", role: "viewer", text: "네" };
}

function chunkOf(state: Pick<RoomState, "epoch" | "chunk" | "offset">, ...events: RoomEvent[]): Chunk {
  return { epoch: state.epoch, chunk: state.chunk, first: state.offset, events };
}

describe("a chunk applied to a state", () => {
  it("leaves what the events add up to, and where the log goes on", () => {
    expect(applyChunk(BEGUN, chunkOf(BEGUN, ...Object.values(EXAMPLES)))).toEqual({
      epoch: "k3f",
      chunk: 1,
      offset: 10,
      at: 10,
      phase: "live",
      picture: "flowing",
      viewers: 12,
      hearts: 3918,
      pinned: null,
      stock: { 7: { left: 13, closed: false } },
      prices: { 7: 9900 },
      chat: [EXAMPLES.chat],
    });
  });

  it("does not touch the state it was applied to", () => {
    const before = structuredClone(BEGUN);
    applyChunk(BEGUN, chunkOf(BEGUN, ...Object.values(EXAMPLES)));
    expect(BEGUN).toEqual(before);
  });

  it("keeps a product pinned until another or none is", () => {
    const pinned = applyChunk(BEGUN, chunkOf(BEGUN, { type: "pin", offset: 0, at: 1, product: 5 }));
    expect(pinned.pinned).toBe(5);
    expect(applyChunk(pinned, chunkOf(pinned, { type: "unpin", offset: 1, at: 2 })).pinned).toBeNull();
  });

  it("keeps the last 50 lines of chat", () => {
    const lines = Array.from({ length: 60 }, (_, offset) => chat(offset));
    expect(applyChunk(BEGUN, chunkOf(BEGUN, ...lines)).chat.map(({ offset }) => offset)).toEqual(
      lines.slice(10).map(({ offset }) => offset),
    );
  });

  it("counts an event of a type it does not know", () => {
    const strange = { type: "confetti", offset: 0, at: 4 } as unknown as RoomEvent;
    expect(applyChunk(BEGUN, chunkOf(BEGUN, strange))).toEqual({ ...BEGUN, chunk: 1, offset: 1, at: 4 });
  });

  it.each([
    ["another epoch", { ...chunkOf(BEGUN, chat(0)), epoch: "other" }],
    ["a later chunk", { ...chunkOf(BEGUN, chat(0)), chunk: 1 }],
    ["a later first event", { ...chunkOf(BEGUN, chat(1)), first: 1 }],
    ["a hole inside", chunkOf(BEGUN, chat(0), chat(2))],
  ])("is refused when it is %s", (_, chunk) => {
    expect(() => applyChunk(BEGUN, chunk)).toThrow(Gap);
  });
});

it("knows the event types of the reference page, field by field", () => {
  const page = readFileSync("docs/reference/events.md", "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` \|(.*?)\|/gm)].map(([, type, fields]) => [
    type,
    [...(fields ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name).sort(),
  ]);
  const mirrored = Object.entries(EXAMPLES).map(([type, event]) => [
    type,
    Object.keys(event)
      .filter((name) => !["type", "offset", "at"].includes(name))
      .sort(),
  ]);
  expect(Object.fromEntries(mirrored)).toEqual(Object.fromEntries(rows));
});

/** The browser's EventSource, with a test at the other end. */
class Line extends EventTarget {
  static readonly CLOSED = 2;
  static all: Line[] = [];
  readyState = 0;

  constructor(readonly url: string) {
    super();
    Line.all.push(this);
  }

  static get open(): Line[] {
    return Line.all.filter(({ readyState }) => readyState !== Line.CLOSED);
  }

  close(): void {
    this.readyState = Line.CLOSED;
  }

  accept(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  push(chunk: Chunk): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(chunk) }));
  }

  breaks(): void {
    this.readyState = 0;
    this.dispatchEvent(new Event("error"));
  }

  refuses(): void {
    this.readyState = Line.CLOSED;
    this.dispatchEvent(new Event("error"));
  }
}

/** What the server has under each address; `undefined` is a server that cannot be reached. */
let files: Record<string, unknown>;
let asked: string[];
let page: EventTarget & { visibilityState: string };
let browser: EventTarget;

beforeEach(() => {
  vi.useFakeTimers();
  files = {};
  asked = [];
  Line.all = [];
  page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  browser = new EventTarget();
  vi.stubGlobal("document", page);
  vi.stubGlobal("window", browser);
  vi.stubGlobal("EventSource", Line);
  vi.stubGlobal("fetch", (url: string, { signal }: { signal: AbortSignal }) => {
    asked.push(url);
    signal.throwIfAborted();
    const found = files[url];
    return found === undefined ? Promise.reject(new TypeError("failed")) : Promise.resolve(Response.json(found));
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const STATE = "/shows/s1/feed/state.json";

function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return { ...UNKNOWN, epoch: "k3f", phase: "live", chunk: 3, offset: 20, epochs: [], ...changes };
}

/** A feed and all it told, in order. */
function listen(): { feed: Feed; told: unknown[] } {
  const feed = new Feed("s1");
  const told: unknown[] = [];
  feed.addEventListener("state", () => told.push(`state ${feed.state.epoch}:${feed.state.chunk}`));
  for (const name of ["event", "connection"])
    feed.addEventListener(name, (event) => told.push((event as CustomEvent<unknown>).detail));
  return { feed, told };
}

async function soon(ms = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

function line(): Line {
  const [only, ...others] = Line.open;
  expect(others).toEqual([]);
  if (!only) throw new Error("no open stream");
  return only;
}

async function joined(changes: Partial<Snapshot> = {}): Promise<{ feed: Feed; told: unknown[] }> {
  files[STATE] = snapshot(changes);
  const heard = listen();
  heard.feed.start();
  await soon();
  line().accept();
  return heard;
}

function askedForState(): number {
  return asked.filter((url) => url === STATE).length;
}

describe("a room followed live", () => {
  it("begins with the snapshot and goes on right after it", async () => {
    const { feed, told } = await joined();
    expect(line().url).toBe("/live/s1/events?after=k3f:2");
    line().push(chunkOf(feed.state, chat(20), chat(21)));
    expect(told).toEqual(["state k3f:3", "open", chat(20), chat(21)]);
    expect(feed.state).toMatchObject({ chunk: 4, offset: 22 });
  });

  it("is not counted as a viewer when it says so", async () => {
    files[STATE] = snapshot();
    new Feed("s1", { silent: true }).start();
    await soon();
    expect(line().url).toBe("/live/s1/events?after=k3f:2&silent=1");
  });

  it("asks for everything when nothing has happened yet", async () => {
    await joined({ chunk: 0, offset: 0 });
    expect(line().url).toBe("/live/s1/events?after=k3f:-1");
  });

  it("has the whole chunk in its state before it tells the first event of it", async () => {
    const { feed } = await joined();
    const seen: number[] = [];
    feed.addEventListener("event", () => seen.push(feed.state.offset));
    line().push(chunkOf(feed.state, chat(20), chat(21)));
    expect(seen).toEqual([22, 22]);
  });

  it("passes over a chunk it already has", async () => {
    const { feed, told } = await joined();
    const chunk = chunkOf(feed.state, chat(20));
    line().push(chunk);
    line().push(chunk);
    expect(told).toEqual(["state k3f:3", "open", chat(20)]);
  });

  it.each([
    ["a chunk is missing", (at: Line) => at.push({ epoch: "k3f", chunk: 4, first: 21, events: [chat(21)] })],
    ["the log has begun anew", (at: Line) => at.push({ epoch: "new", chunk: 0, first: 0, events: [chat(0)] })],
    ["the server cannot resume", (at: Line) => at.dispatchEvent(new MessageEvent("reset", { data: "{}" }))],
    ["it cannot be read", (at: Line) => at.dispatchEvent(new MessageEvent("message", { data: "<html>" }))],
  ])("reads the snapshot again when %s, without calling it a loss", async (_, happens) => {
    const { told } = await joined();
    files[STATE] = snapshot({ epoch: "new", chunk: 1, offset: 1 });
    happens(line());
    await soon(1000);
    expect(line().url).toBe("/live/s1/events?after=new:0");
    expect(told).toEqual(["state k3f:3", "open", "state new:1"]);
  });

  it("asks ever more rarely when it is refused again and again", async () => {
    await joined();
    const until = Date.now() + 60_000;
    while (Date.now() < until) {
      for (const open of Line.open) open.dispatchEvent(new MessageEvent("reset", { data: "{}" }));
      await soon(100);
    }
    expect(askedForState()).toBeGreaterThan(6);
    expect(askedForState()).toBeLessThan(40);
  });
});

describe("a room that was lost", () => {
  it("is resumed from where it was", async () => {
    const { feed, told } = await joined();
    line().push(chunkOf(feed.state, chat(20)));
    line().breaks();
    await soon(1000);
    expect(line().url).toBe("/live/s1/events?after=k3f:3");
    line().accept();
    expect(told).toEqual(["state k3f:3", "open", chat(20), "lost", "open"]);
    expect(askedForState()).toBe(1);
  });

  it("is told lost once, however often it fails", async () => {
    const { told } = await joined();
    line().breaks();
    for (let n = 0; n < 4; n += 1) {
      await soon(8000);
      line().breaks();
    }
    expect(told).toEqual(["state k3f:3", "open", "lost"]);
  });

  it("starts from a new snapshot when it was refused", async () => {
    await joined();
    line().refuses();
    await soon(1000);
    expect(askedForState()).toBe(2);
  });

  it("starts from a new snapshot after more than two minutes", async () => {
    await joined();
    line().breaks();
    const second = async (): Promise<void> => {
      await soon(1000);
      for (const open of Line.open) open.breaks();
    };
    for (let passed = 0; passed < 119; passed += 1) await second();
    expect(askedForState()).toBe(1);
    for (let more = 0; more < 10 && askedForState() === 1; more += 1) await second();
    expect(askedForState()).toBe(2);
  });

  it("is found when the server comes back, even if it was away from the start", async () => {
    const { feed, told } = listen();
    feed.start();
    await soon(5000);
    expect(told).toEqual(["lost"]);
    files[STATE] = snapshot();
    await soon(8000);
    line().accept();
    expect(told).toEqual(["lost", "state k3f:3", "open"]);
  });

  it("is asked for again when a stream does not open", async () => {
    files[STATE] = snapshot();
    const { feed, told } = listen();
    feed.start();
    await soon(21_000);
    expect(told).toEqual(["state k3f:3", "lost"]);
    expect(Line.all).toHaveLength(2);
    expect(Line.open).toHaveLength(1);
  });

  it("comes back at once when the phone is online again", async () => {
    const { told } = await joined();
    browser.dispatchEvent(new Event("offline"));
    expect(told.at(-1)).toBe("lost");
    expect(Line.open).toEqual([]);
    browser.dispatchEvent(new Event("online"));
    await soon();
    line().accept();
    expect(told.at(-1)).toBe("open");
  });

  it("comes back at once when somebody looks at the page again", async () => {
    await joined();
    line().breaks();
    page.dispatchEvent(new Event("visibilitychange"));
    await soon();
    expect(Line.open).toHaveLength(1);
  });
});

describe("a page that was out of sight", () => {
  it("keeps a stream that is alive", async () => {
    const { feed } = await joined();
    await soon(60_000);
    line().push(chunkOf(feed.state, chat(20)));
    page.dispatchEvent(new Event("visibilitychange"));
    expect(Line.all).toHaveLength(1);
  });

  it("opens a stream anew that has long been silent", async () => {
    await joined();
    await soon(60_000);
    page.dispatchEvent(new Event("visibilitychange"));
    await soon();
    expect(Line.all).toHaveLength(2);
    expect(line().url).toBe("/live/s1/events?after=k3f:2");
  });

  it("lets go of the stream when it is left, and takes it up when it is come back to", async () => {
    const { told } = await joined();
    browser.dispatchEvent(new Event("pagehide"));
    expect(Line.open).toEqual([]);
    browser.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    await soon();
    expect(Line.open).toHaveLength(1);
    expect(told).not.toContain("lost");
  });
});

describe("the end", () => {
  const END: OfType<"show"> = { type: "show", offset: 21, at: 5, phase: "ended" };

  it("is the last that is asked for", async () => {
    const { feed, told } = await joined();
    line().push(chunkOf(feed.state, chat(20), END));
    expect(Line.open).toEqual([]);
    browser.dispatchEvent(new Event("online"));
    page.dispatchEvent(new Event("visibilitychange"));
    await soon(60_000);
    expect(Line.all).toHaveLength(1);
    expect(told).toEqual(["state k3f:3", "open", chat(20), END]);
  });

  it("is known from the snapshot", async () => {
    files[STATE] = snapshot({ phase: "ended" });
    const { feed, told } = listen();
    feed.start();
    await soon(60_000);
    expect(told).toEqual(["state k3f:3"]);
    expect(Line.all).toEqual([]);
    expect(askedForState()).toBe(1);
  });

  it("is found by who was away, and then nothing is lost", async () => {
    const { told } = await joined();
    line().breaks();
    await soon(1000);
    files[STATE] = snapshot({ phase: "ended", chunk: 9 });
    line().refuses();
    await soon(60_000);
    expect(told).toEqual(["state k3f:3", "open", "lost", "state k3f:9", "open"]);
    expect(Line.all).toHaveLength(2);
  });

  it("comes when nobody wants to hear any more, even in the middle of beginning", async () => {
    files[STATE] = snapshot();
    const { feed, told } = listen();
    feed.start();
    feed.stop();
    await soon(60_000);
    expect(Line.all).toEqual([]);
    expect(told).toEqual([]);
  });

  it("is not for ever", async () => {
    const { feed, told } = await joined();
    feed.stop();
    feed.start();
    await soon();
    expect(Line.open).toHaveLength(1);
    expect(told.filter((what) => what === "state k3f:3")).toHaveLength(2);
  });
});

describe("a room told again", () => {
  /** Two epochs; in the first, a chunk of every 100 ms. */
  beforeEach(() => {
    const epochs = [
      { epoch: "one", first_chunk: 0, last_chunk: 29 },
      { epoch: "two", first_chunk: 0, last_chunk: 0 },
    ];
    files[STATE] = snapshot({ epoch: "two", chunk: 1, offset: 1, epochs });
    for (let n = 0; n < 30; n += 1)
      files[`/shows/s1/feed/one/${n}.json`] = { epoch: "one", chunk: n, first: n, events: [chat(n, n * 100)] };
    files["/shows/s1/feed/two/0.json"] = { epoch: "two", chunk: 0, first: 0, events: [chat(0, 5000)] };
  });

  async function loaded(): Promise<ReplayFeed> {
    const feed = new ReplayFeed("s1");
    const loading = feed.load();
    await soon(5000);
    await loading;
    return feed;
  }

  const times = (events: RoomEvent[]): number[] => events.map(({ at }) => at);

  it("has every event of every epoch, in order", async () => {
    const events = (await loaded()).upTo(Number.POSITIVE_INFINITY);
    expect(times(events)).toEqual([...Array.from({ length: 30 }, (_, n) => n * 100), 5000]);
  });

  it("tells each event when the picture gets there, once", async () => {
    const feed = await loaded();
    expect(times(feed.upTo(250))).toEqual([0, 100, 200]);
    expect(times(feed.upTo(250))).toEqual([]);
    expect(times(feed.upTo(400))).toEqual([300, 400]);
  });

  it("begins from the beginning after a step back", async () => {
    const feed = await loaded();
    feed.upTo(2000);
    expect(times(feed.upTo(200))).toEqual([0, 100, 200]);
    expect(times(feed.upTo(300))).toEqual([300]);
  });

  it("asks for no more than six files at a time", async () => {
    const answer = globalThis.fetch;
    let open = 0;
    let most = 0;
    vi.stubGlobal("fetch", async (...request: Parameters<typeof fetch>) => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 10));
      open -= 1;
      return answer(...request);
    });
    await loaded();
    expect(most).toBe(6);
  });

  it("asks again for a file that did not come", async () => {
    const missing = "/shows/s1/feed/one/7.json";
    const chunk = files[missing];
    files[missing] = undefined;
    const loading = new ReplayFeed("s1").load();
    await soon(100);
    files[missing] = chunk;
    await soon(5000);
    await loading;
    expect(asked.filter((url) => url === missing)).toHaveLength(2);
  });

  it("is not told in part", async () => {
    files["/shows/s1/feed/one/7.json"] = undefined;
    const loading = expect(new ReplayFeed("s1").load()).rejects.toThrow();
    await soon(5000);
    await loading;
  });
});
