import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pending } from "../src/pending";
import { Broadcast, chooseFormat } from "../src/uploader";
import { browserAt, browserGone, bytes, camera, Ingest, keptHere, pass, problem, Recorder, settle, until } from "./ingest";

const QUEUE_CAP = 192 * 1024 * 1024;
let server: Ingest;

beforeEach(() => browserAt((server = new Ingest())));
afterEach(browserGone);

function newBroadcast(stream = camera()): Broadcast {
  return new Broadcast({ showId: "nangok", ingestKey: "k", stream });
}

async function onAir(): Promise<Broadcast> {
  const broadcast = newBroadcast();
  await broadcast.start();
  return broadcast;
}

/** The camera gives these, a quarter of a second each. */
async function films(...pieces: string[]): Promise<void> {
  for (const piece of pieces) {
    await pass(250);
    Recorder.running[0]?.gives(piece);
    await settle();
  }
}

/** An earlier page recorded this and was gone before it was sent. */
async function leftBehind(epoch: number, first: number, ...pieces: string[]): Promise<void> {
  const pending = await Pending.create("nangok");
  if (epoch > 0) pending.open(epoch);
  pieces.forEach((piece, at) => pending.add(first + at, bytes(piece), 250));
  await settle();
}

/** A chunk so large without the memory. */
function heavy(size: number): Blob {
  const data = { byteLength: size } as ArrayBuffer;
  return { size, arrayBuffer: () => Promise.resolve(data) } as unknown as Blob;
}

describe("a broadcast", () => {
  it("sends what the camera gives as numbered chunks, in order", async () => {
    const broadcast = await onAir();
    await films("a", "b", "c");
    expect(server.asked).toEqual(["open", "1/0", "1/1", "1/2"]);
    expect(server.pictures).toEqual(["abc"]);
    expect(broadcast.status).toMatchObject({ state: "sending", sent: 3, queued: 0, queuedMs: 0, epoch: 1, lost: 0 });
  });

  it("keeps a chunk, beyond the page's life, until the server has it", async () => {
    const broadcast = await onAir();
    server.down = true;
    await films("a", "b");
    expect(await keptHere()).toEqual([[1, "ab"]]);
    expect(broadcast.status).toMatchObject({ state: "offline", queued: 2, queuedMs: 500, sent: 0 });
    server.down = false;
    await pass(2000);
    expect(server.pictures).toEqual(["ab"]);
    expect(await keptHere()).toEqual([]);
    expect(broadcast.status).toMatchObject({ state: "sending", queued: 0, sent: 2 });
  });

  it("sends a failed chunk again, ever more patiently up to 2 s, and skips none", async () => {
    await onAir();
    server.down = true;
    await films("a", "b", "c");
    await pass(12_000);
    const tries = server.asked.flatMap((path, at) => (path === "open" ? [] : [{ path, time: server.times[at] ?? 0 }]));
    const pauses = tries.slice(1).map(({ time }, at) => time - (tries[at]?.time ?? 0));
    expect(new Set(tries.map(({ path }) => path))).toEqual(new Set(["1/0"]));
    expect(pauses.slice(0, 6)).toEqual([200, 400, 800, 1600, 2000, 2000]);
    server.down = false;
    await pass(2000);
    expect(server.pictures).toEqual(["abc"]);
  });

  it("says that it catches up while more than 2 s wait", async () => {
    const broadcast = await onAir();
    server.down = true;
    await films(...Array.from("abcdefghij"));
    expect(broadcast.status.state).toBe("offline");
    const seen: string[] = [];
    broadcast.addEventListener("status", () => void seen.push(broadcast.status.state));
    server.down = false;
    await pass(2000);
    expect(new Set(seen)).toEqual(new Set(["catching-up", "sending"]));
    expect(server.pictures).toEqual(["abcdefghij"]);
  });

  it("goes on where the server says when a chunk is out of its window", async () => {
    await onAir();
    server.down = true;
    await films("a", "b", "c");
    server.epochs[0] = { next: 2, closed: false, picture: ["a", "b"] };
    server.instead = (path) => (path === "1/0" ? problem(409, "out-of-window", { expected: 2 }) : undefined);
    server.down = false;
    await pass(2000);
    expect(server.asked.slice(-2)).toEqual(["1/0", "1/2"]);
    expect(server.pictures).toEqual(["abc"]);
    expect(await keptHere()).toEqual([]);
  });

  it("begins a new epoch when the server asks for a chunk it had acknowledged", async () => {
    const broadcast = await onAir();
    await films("a", "b");
    server.instead = (path) => (path === "1/2" ? problem(409, "out-of-window", { expected: 0 }) : undefined);
    await films("c", "d");
    expect(server.pictures).toEqual(["ab", "d"]);
    expect(broadcast.status).toMatchObject({ epoch: 2, lost: 1 });
  });

  it("opens a new epoch with a recorder started anew when its epoch was closed, and counts what was lost", async () => {
    const broadcast = await onAir();
    await films("a");
    for (const epoch of server.epochs) epoch.closed = true;
    await films("b", "c");
    expect(Recorder.all.map(({ state }) => state)).toEqual(["inactive", "recording"]);
    expect(server.pictures).toEqual(["a", "c"]);
    expect(broadcast.status).toMatchObject({ epoch: 2, lost: 1, queued: 0, refused: null });
  });

  it("never mixes the last blob of a recorder into the epoch of the next", async () => {
    await onAir();
    await films("a");
    const [first] = Recorder.all;
    if (first) first.rest = "z";
    for (const epoch of server.epochs) epoch.closed = true;
    await films("b", "c");
    expect(server.pictures).toEqual(["a", "c"]);
  });

  it("records on while the server cannot be asked for an epoch", async () => {
    server.down = true;
    const broadcast = newBroadcast();
    void broadcast.start();
    await until(() => Recorder.running.length === 1);
    await films("a", "b");
    expect(await keptHere()).toEqual([[0, "ab"]]);
    expect(broadcast.status).toMatchObject({ state: "offline", queued: 2, epoch: 0 });
    server.down = false;
    await pass(2000);
    expect(server.pictures).toEqual(["ab"]);
    expect(await keptHere()).toEqual([]);
  });

  it("says when nothing more fits, and goes on in a new epoch once all of it is sent", async () => {
    vi.stubGlobal("indexedDB", undefined);
    const broadcast = await onAir();
    server.down = true;
    Recorder.running[0]?.gives(heavy(QUEUE_CAP));
    await settle();
    expect(broadcast.status.full).toBe(false);
    Recorder.running[0]?.gives(heavy(1));
    await settle();
    expect(broadcast.status).toMatchObject({ full: true, queued: 2, lost: 0 });
    expect(Recorder.running).toEqual([]);
    server.instead = (path) => (path.startsWith("1/") ? Response.json({ next: Number(path.slice(2)) + 1 }) : undefined);
    server.down = false;
    await pass(4000);
    expect(broadcast.status).toMatchObject({ full: false, queued: 0, sent: 2, epoch: 2 });
    expect(server.asked.slice(-4)).toEqual(["1/0", "1/1", "1/end", "open"]);
    expect(Recorder.running).toHaveLength(1);
  });

  it("stops when the key is refused, says so, and keeps what waits for a better key", async () => {
    const broadcast = await onAir();
    await films("a");
    server.instead = () => problem(403, "ingest-key-wrong");
    await films("b");
    const asked = server.asked.length;
    await pass(5000);
    expect(broadcast.status).toMatchObject({ state: "stopped", refused: "ingest-key-wrong", queued: 1 });
    expect(Recorder.running).toEqual([]);
    expect(server.asked).toHaveLength(asked);
    expect(await keptHere()).toEqual([[1, "b"]]);
  });

  it("does not begin when the key is refused at once", async () => {
    server.instead = () => problem(403, "ingest-key-wrong");
    const broadcast = await onAir();
    expect(broadcast.status).toMatchObject({ state: "stopped", refused: "ingest-key-wrong" });
    expect(Recorder.running).toEqual([]);
  });

  it("keeps nothing for a show that is over", async () => {
    const broadcast = await onAir();
    server.instead = () => problem(409, "show-over");
    await films("a");
    await settle();
    expect(broadcast.status).toMatchObject({ refused: "show-over", lost: 1 });
    expect(await keptHere()).toEqual([]);
  });

  it("sends the rest in a new epoch when the recorder breaks off", async () => {
    const broadcast = await onAir();
    await films("a");
    Recorder.running[0]?.onerror?.();
    await settle();
    await films("b");
    expect(server.pictures).toEqual(["a", "b"]);
    expect(server.asked).toEqual(["open", "1/0", "1/end", "open", "2/0"]);
    expect(broadcast.status).toMatchObject({ epoch: 2, lost: 0 });
  });

  it("sends everything and then says that the camera was lost", async () => {
    const stream = { active: true };
    const broadcast = newBroadcast(stream as MediaStream);
    await broadcast.start();
    stream.active = false;
    const [recorder] = Recorder.all;
    if (recorder) recorder.rest = "a";
    recorder?.stop();
    await settle();
    expect(server.asked).toEqual(["open", "1/0", "1/end"]);
    expect(broadcast.status).toMatchObject({ state: "stopped", refused: "camera-lost", lost: 0 });
  });

  it("says so when the browser will not record", async () => {
    class Unwilling extends Recorder {
      override start(): void {
        throw new DOMException("no", "NotSupportedError");
      }
    }
    vi.stubGlobal("MediaRecorder", Unwilling);
    const broadcast = await onAir();
    expect(broadcast.status).toMatchObject({ state: "stopped", refused: "recorder-failed" });
  });
});

describe("stopping", () => {
  it("sends the recorder's last blob, then ends the epoch", async () => {
    const broadcast = await onAir();
    await films("a");
    const [recorder] = Recorder.running;
    if (recorder) recorder.rest = "z";
    await broadcast.stop();
    expect(server.asked).toEqual(["open", "1/0", "1/1", "1/end"]);
    expect(server.pictures).toEqual(["az"]);
    expect(broadcast.status).toMatchObject({ state: "stopped", queued: 0, refused: null });
  });

  it("waits for the connection rather than lose the end", async () => {
    const broadcast = await onAir();
    server.down = true;
    await films("a");
    let stopped = false;
    void broadcast.stop().then(() => (stopped = true));
    await pass(30_000);
    expect(stopped).toBe(false);
    server.down = false;
    await pass(2000);
    expect(stopped).toBe(true);
    expect(server.pictures).toEqual(["a"]);
    expect(server.epochs[0]?.closed).toBe(true);
  });

  it("does not begin to record when it comes before there was anything", async () => {
    const broadcast = newBroadcast();
    void broadcast.start();
    await broadcast.stop();
    expect(Recorder.all).toEqual([]);
    expect(server.asked).toEqual([]);
    expect(broadcast.status.state).toBe("stopped");
  });

  it("does not leave a recorder running when it comes before the server answered", async () => {
    server.down = true;
    const broadcast = newBroadcast();
    void broadcast.start();
    await until(() => Recorder.running.length === 1);
    await films("a");
    const stopped = broadcast.stop();
    server.down = false;
    await pass(2000);
    await stopped;
    expect(Recorder.running).toEqual([]);
    expect(server.pictures).toEqual(["a"]);
    expect(server.epochs[0]?.closed).toBe(true);
  });
});

describe("aborting", () => {
  it("ends the request under way, sends nothing more, and keeps what was not sent for a later page", async () => {
    const broadcast = await onAir();
    server.hangs = true;
    await films("a", "b");
    broadcast.abort();
    await settle();
    const asked = server.asked.length;
    server.hangs = false;
    await pass(60_000);
    expect(Recorder.running).toEqual([]);
    expect(server.asked).toHaveLength(asked);
    expect(broadcast.status).toMatchObject({ state: "stopped", refused: "aborted", queued: 2, lost: 0 });
    expect(await keptHere()).toEqual([[1, "ab"]]);
  });

  it("ends the wait of a stop for its connection", async () => {
    const broadcast = await onAir();
    server.down = true;
    await films("a");
    let stopped = false;
    void broadcast.stop().then(() => (stopped = true));
    await pass(5000);
    expect(stopped).toBe(false);
    broadcast.abort();
    await pass(2000);
    expect(stopped).toBe(true);
    server.down = false;
    await pass(5000);
    expect(server.pictures).toEqual([""]);
  });

  it("leaves what an earlier page left to the next broadcast", async () => {
    server.begun("a");
    await leftBehind(1, 1, "b");
    server.down = true;
    const broadcast = newBroadcast();
    void broadcast.start();
    await until(() => Recorder.running.length === 1);
    await films("x");
    broadcast.abort();
    await settle();
    server.down = false;
    const next = newBroadcast();
    await next.start();
    await pass(4000);
    expect(server.pictures).toEqual(["ab", "x", ""]);
    expect(next.status).toMatchObject({ state: "sending", refused: null, queued: 0 });
  });

  it("does nothing to a broadcast that does not run", async () => {
    const broadcast = newBroadcast();
    broadcast.abort();
    expect(broadcast.status).toMatchObject({ state: "idle", refused: null });
    await broadcast.start();
    await broadcast.stop();
    broadcast.abort();
    expect(broadcast.status).toMatchObject({ state: "stopped", refused: null });
  });
});

describe("what an earlier page left", () => {
  it("is sent in order from where the server is, and its epoch ended", async () => {
    server.begun("a", "b");
    await leftBehind(1, 1, "b", "c", "d");
    await Broadcast.resumePending("nangok", "k");
    expect(server.asked).toEqual(["1", "1/2", "1/3", "1/end"]);
    expect(server.pictures).toEqual(["abcd"]);
    expect(server.epochs[0]?.closed).toBe(true);
    expect(await keptHere()).toEqual([]);
  });

  it("goes before the new broadcast, whose epoch would close it", async () => {
    server.begun("a");
    await leftBehind(1, 1, "b", "c");
    await onAir();
    await films("x");
    expect(server.asked).toEqual(["1", "1/1", "1/2", "1/end", "open", "2/0"]);
    expect(server.pictures).toEqual(["abc", "x"]);
  });

  it("is waited for however slow the network is, while the new picture is kept", async () => {
    server.begun("a");
    await leftBehind(1, 1, "b", "c");
    server.down = true;
    const broadcast = newBroadcast();
    void broadcast.start();
    await until(() => Recorder.running.length === 1);
    await films("x", "y");
    await pass(60_000);
    expect(server.asked).not.toContain("open");
    expect(broadcast.status).toMatchObject({ state: "offline", queued: 4, queuedMs: 1000, epoch: 0 });
    server.down = false;
    await pass(4000);
    expect(server.pictures).toEqual(["abc", "xy"]);
    expect(broadcast.status).toMatchObject({ state: "sending", queued: 0, lost: 0, epoch: 2 });
    expect(await keptHere()).toEqual([]);
  });

  it("gets an epoch of its own when the server never knew of it", async () => {
    await leftBehind(0, 0, "a", "b");
    await onAir();
    await films("x");
    expect(server.pictures).toEqual(["ab", "x"]);
    expect(server.epochs[0]?.closed).toBe(true);
  });

  it("is sent once more from the middle when the network goes away meanwhile", async () => {
    server.begun();
    await leftBehind(1, 0, "a", "b", "c");
    let failures = 3;
    server.instead = (path) => (path === "1/1" && failures-- > 0 ? problem(503, "busy") : undefined);
    const done = Broadcast.resumePending("nangok", "k");
    await pass(5000);
    await done;
    expect(server.pictures).toEqual(["abc"]);
  });

  it("is counted as lost when its epoch was closed meanwhile", async () => {
    server.begun("a");
    for (const epoch of server.epochs) epoch.closed = true;
    await leftBehind(1, 1, "b", "c");
    const broadcast = await onAir();
    expect(broadcast.status).toMatchObject({ epoch: 2, lost: 2, queued: 0 });
    expect(await keptHere()).toEqual([]);
  });

  it("stays for a better key when this one is refused, and nothing new begins", async () => {
    server.begun("a");
    await leftBehind(1, 1, "b");
    server.instead = () => problem(403, "ingest-key-wrong");
    const broadcast = await onAir();
    expect(broadcast.status).toMatchObject({ state: "stopped", refused: "ingest-key-wrong" });
    expect(await keptHere()).toEqual([[1, "b"]]);
    expect(server.asked).toEqual(["1"]);
    server.instead = () => undefined;
    await Broadcast.resumePending("nangok", "better");
    expect(server.pictures).toEqual(["ab"]);
  });

  it("ends at a hole, since nothing behind it can be read", async () => {
    server.begun();
    await leftBehind(1, 0, "a");
    const torn = (await Pending.left("nangok"))[0];
    torn?.add(2, bytes("c"), 250);
    await settle();
    const broadcast = await onAir();
    expect(server.asked).toEqual(["1", "1/0", "1/end", "open"]);
    expect(broadcast.status.lost).toBe(1);
  });

  it("is sent before a stop that comes meanwhile resolves", async () => {
    server.begun("a");
    await leftBehind(1, 1, "b");
    server.down = true;
    const broadcast = newBroadcast();
    void broadcast.start();
    await until(() => Recorder.running.length === 1);
    await films("x");
    const stopped = broadcast.stop();
    server.down = false;
    await pass(4000);
    await stopped;
    expect(server.pictures).toEqual(["ab", "x"]);
    expect(server.epochs.every(({ closed }) => closed)).toBe(true);
    expect(Recorder.running).toEqual([]);
  });
});

describe("the format", () => {
  it("is H.264 in WebM where that is to be had, so that the server copies it", () => {
    expect(chooseFormat(() => true)).toBe("video/webm;codecs=h264,opus");
  });

  it("is the browser's own choice where none of ours is known", () => {
    expect(chooseFormat(() => false)).toBe("");
  });
});
