/** The server's ingest and a camera's recorder, as far as the modules that send a picture know them. */
import { IDBFactory } from "fake-indexeddb";
import { vi } from "vitest";
import { Pending } from "../src/pending";

export interface Epoch {
  next: number;
  closed: boolean;
  picture: string[];
}

type Answer = (path: string) => Response | undefined;

export function problem(status: number, code: string, facts: object = {}): Response {
  return Response.json({ type: `https://golmok.example/problems/${code}`, status, ...facts }, { status });
}

/** Takes chunks as the real one does; `down` and `instead` make it fail. */
export class Ingest {
  /** Epoch n is at n - 1. */
  readonly epochs: Epoch[] = [];
  /** What was asked, in order: "open", "1/0", "1/end", "1" (where). */
  readonly asked: string[] = [];
  /** When each of them was asked, ms. */
  readonly times: number[] = [];
  readonly headers: HeadersInit[] = [];
  down = false;
  /** Takes requests and never answers. */
  hangs = false;
  /** An answer other than the usual one. */
  instead: Answer = () => undefined;

  readonly fetch = (url: string, init: RequestInit): Promise<Response> => {
    const path = url.replace("/live/nangok/ingest", "").slice(1);
    this.asked.push(path || "open");
    this.times.push(performance.now());
    this.headers.push(init.headers ?? {});
    if (this.hangs) return untilAborted(init.signal);
    if (this.down) return Promise.reject(new TypeError("fetch failed"));
    return Promise.resolve(this.instead(path || "open") ?? this.#answer(path, init.body as ArrayBuffer));
  };

  /** The picture the server has, epoch by epoch. */
  get pictures(): string[] {
    return this.epochs.map((epoch) => epoch.picture.join(""));
  }

  /** An epoch that an earlier page began. */
  begun(...picture: string[]): void {
    this.epochs.push({ next: picture.length, closed: false, picture });
  }

  #answer(path: string, body: ArrayBuffer): Response {
    if (path === "") return this.#open();
    const [number, what] = path.split("/");
    const epoch = this.epochs[Number(number) - 1];
    if (!epoch) return problem(404, "epoch-not-found");
    if (what === "end") epoch.closed = true;
    else if (what !== undefined) return this.#take(epoch, Number(what), body);
    return Response.json({ epoch: Number(number), next: epoch.next, closed: epoch.closed });
  }

  #open(): Response {
    for (const epoch of this.epochs) epoch.closed = true;
    this.epochs.push({ next: 0, closed: false, picture: [] });
    return Response.json({ epoch: this.epochs.length, next: 0 }, { status: 201 });
  }

  #take(epoch: Epoch, seq: number, body: ArrayBuffer): Response {
    if (epoch.closed) return problem(409, "epoch-closed");
    if (seq > epoch.next + 64) return problem(409, "out-of-window", { expected: epoch.next });
    epoch.picture[seq] ??= new TextDecoder().decode(body);
    while (epoch.picture[epoch.next] !== undefined) epoch.next += 1;
    return Response.json({ next: epoch.next });
  }
}

function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_never, reject) =>
    signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError"))),
  );
}

/** A recorder that gives what the test tells it to. */
export class Recorder extends EventTarget {
  static all: Recorder[] = [];
  static isTypeSupported = (mime: string): boolean => mime.startsWith("video/webm");

  static get running(): Recorder[] {
    return Recorder.all.filter(({ state }) => state === "recording");
  }

  state = "inactive";
  /** What it still holds when it is stopped. */
  rest = "";
  ondataavailable: ((event: { data: Blob }) => void) | null = null;
  onstop: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(
    readonly stream: MediaStream,
    readonly options: MediaRecorderOptions,
  ) {
    super();
    Recorder.all.push(this);
  }

  start(): void {
    this.state = "recording";
  }

  gives(data: Blob | string): void {
    this.ondataavailable?.({ data: typeof data === "string" ? new Blob([data]) : data });
  }

  stop(): void {
    this.state = "inactive";
    setImmediate(() => {
      this.gives(this.rest);
      this.onstop?.();
      this.dispatchEvent(new Event("stop"));
    });
  }
}

/** A browser with a camera in front of that server; only timeouts and the clock are at the test's command. */
export function browserAt(server: Ingest): void {
  Recorder.all = [];
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("MediaRecorder", Recorder);
  vi.stubGlobal("fetch", vi.fn(server.fetch));
}

export function browserGone(): void {
  vi.useRealTimers();
  vi.unstubAllGlobals();
}

export const camera = (): MediaStream => ({ active: true }) as MediaStream;

const turn = () => new Promise<void>((done) => setImmediate(done));

/** Everything that needs no time happens. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 60; turns += 1) await turn();
}

export async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 5000; turns += 1) {
    if (holds()) return;
    await turn();
  }
  throw new Error(`never came true: ${holds.toString()}`);
}

/** That much time passes, in steps small enough for what happens meanwhile. */
export async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    await vi.advanceTimersByTimeAsync(Math.min(100, ms - passed));
    for (let turns = 0; turns < 6; turns += 1) await turn();
  }
  await settle();
}

/** What a page coming now would find in this browser: [epoch, chunks] per recording; 0 for one without an epoch. */
export async function keptHere(): Promise<[number, string][]> {
  const left = await Pending.left("nangok");
  return left.map((pending) => [pending.isOpen ? pending.epoch : 0, pictureOf(pending)]);
}

export function pictureOf(pending: Pending): string {
  let picture = "";
  for (let seq = 0; seq < 1000; seq += 1) {
    const chunk = pending.at(seq);
    if (chunk) picture += new TextDecoder().decode(chunk.data);
  }
  return picture;
}

export const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;
