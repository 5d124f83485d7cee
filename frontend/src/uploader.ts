/** Sends what a camera records as numbered chunks, each kept until the server has it on disk. */
import { Courier, type Opened, type Outcome } from "./courier";
import { isHopeless, Leftover } from "./leftover";
import { Pending } from "./pending";

export interface BroadcastOptions {
  showId: string;
  ingestKey: string;
  stream: MediaStream;
  bitsPerSecond?: number;
}

export interface BroadcastStatus {
  /** Chunks recorded and not yet acknowledged, an earlier page's among them. */
  queued: number;
  queuedMs: number;
  /** Chunks acknowledged since the page began. */
  sent: number;
  epoch: number;
  state: "idle" | "sending" | "catching-up" | "offline" | "stopped";
  uplinkKbps: number;
  /** Nothing more fits: recording pauses until the connection is back and what waits is sent. */
  full: boolean;
  /** Chunks that were recorded but that no epoch takes any more: it was closed before they were sent. */
  lost: number;
  /**
   * Code of the problem the server answered with when it refused for good; `camera-lost` when the stream ended,
   * `recorder-failed` when this browser would not record it, `aborted` when it was told to stop at once.
   */
  refused: string | null;
}

interface RecorderOptions extends MediaRecorderOptions {
  /** Chromium and WebKit; others ignore it and the server copes. */
  videoKeyFrameIntervalDuration?: number;
}

const TIMESLICE_MS = 250;
const KEY_FRAME_MS = 1000;
const BITS_PER_SECOND = 2_500_000;
/** About ten minutes at 2.5 Mb/s: beyond it a phone's page is in danger. */
const QUEUE_CAP_BYTES = 192 * 1024 * 1024;
const CATCHING_UP_MS = 2000;

/** H.264 first, because the server copies it; WebM before MP4, whose recorder gives data only at key frames. */
export const FORMATS = [
  "video/webm;codecs=h264,opus",
  "video/mp4;codecs=avc1.42E01E,opus",
  "video/mp4;codecs=avc1.42E01E,mp4a.40.2",
  "video/mp4",
  "video/webm;codecs=vp8,opus",
  "video/webm",
];

export function chooseFormat(supported: (mime: string) => boolean): string {
  return FORMATS.find(supported) ?? "";
}

const pause = (ms: number) => new Promise<void>((resume) => setTimeout(resume, ms));
const formatHere = () => chooseFormat((mime) => MediaRecorder.isTypeSupported(mime));
const leftoverOf = (showId: string, ingestKey: string) => Leftover.of(showId, ingestKey, formatHere() || "video/webm");

export class Broadcast extends EventTarget {
  readonly #courier: Courier;
  readonly #options: BroadcastOptions;
  readonly #stop = new AbortController();
  #leftover: Leftover | null = null;
  #pending: Pending | null = null;
  #recorder: MediaRecorder | null = null;
  #storing: Promise<void> = Promise.resolve();
  #drained: Promise<void> = Promise.resolve();
  #seq = 0;
  #next = 0;
  #sent = 0;
  #lost = 0;
  #epoch = 0;
  #lastBlobAt = 0;
  #uplinkKbps = 0;
  #offline = false;
  #full = false;
  #ending = false;
  #refused: string | null = null;
  #phase: "idle" | "running" | "stopped" = "idle";
  #running: Promise<void> = Promise.resolve();
  #opened: () => void = () => undefined;
  #wake: () => void = () => undefined;

  constructor(options: BroadcastOptions) {
    super();
    this.#options = options;
    this.#courier = new Courier(options.showId, options.ingestKey, this.#stop.signal);
  }

  /** Sends what an earlier page of this show left behind, and ends its epochs. */
  static resumePending(showId: string, ingestKey: string): Promise<void> {
    return leftoverOf(showId, ingestKey).sent;
  }

  get status(): BroadcastStatus {
    return {
      queued: (this.#pending?.count ?? 0) + (this.#leftover?.count ?? 0),
      queuedMs: Math.round(this.#queuedMs),
      sent: this.#sent,
      epoch: this.#epoch,
      state: this.#state(),
      uplinkKbps: Math.round(this.#uplinkKbps),
      full: this.#full,
      lost: this.#lost + (this.#leftover?.lost ?? 0),
      refused: this.#refused,
    };
  }

  /**
   * Recording begins at once; what an earlier page left is sent first, however long that takes. Resolves when the
   * server expects this recording's chunks, or when it refused.
   */
  async start(): Promise<void> {
    if (this.#phase !== "idle") return;
    this.#phase = "running";
    const opened = new Promise<void>((resolve) => (this.#opened = resolve));
    this.#running = this.#run();
    await Promise.race([opened, this.#running]);
  }

  /** Sends everything recorded so far, ends the epoch, and resolves then. */
  async stop(): Promise<void> {
    if (this.#phase !== "running") return;
    this.#stopRecorder();
    this.#ending = true;
    await this.#allKept();
    this.#wake();
    await this.#running;
    this.#finish();
  }

  /** Stops at once, also a request under way. What was not sent stays in this browser, for a later page. */
  abort(): void {
    if (this.#phase !== "running") return;
    this.#stop.abort();
    this.#leftover?.abort();
    this.#refuse("aborted");
    this.#wake();
  }

  async #run(): Promise<void> {
    await this.#sendLeftover();
    await this.#send();
  }

  /** A new epoch closes those before it, so none is opened until the earlier page's chunks are through. */
  async #sendLeftover(): Promise<void> {
    const leftover = leftoverOf(this.#options.showId, this.#options.ingestKey);
    this.#leftover = leftover;
    leftover.addEventListener("status", this.#tell);
    await leftover.found;
    await this.#begin();
    await leftover.sent;
    leftover.removeEventListener("status", this.#tell);
    if (leftover.refused !== null) this.#refuse(leftover.refused);
  }

  // --- recording -----------------------------------------------------------------------------------

  /** A new recording, under way before the server knows of it. */
  async #begin(): Promise<void> {
    this.#pending = await Pending.create(this.#options.showId);
    this.#seq = this.#next = 0;
    this.#full = false;
    if (!this.#ending && this.#refused === null) this.#record(this.#pending);
    this.#tell();
  }

  #record(pending: Pending): void {
    if (!this.#options.stream.active) {
      this.#refuse("camera-lost");
      return;
    }
    const mimeType = formatHere();
    const options: RecorderOptions = {
      ...(mimeType ? { mimeType } : {}),
      videoBitsPerSecond: this.#options.bitsPerSecond ?? BITS_PER_SECOND,
      audioBitsPerSecond: 96_000,
      videoKeyFrameIntervalDuration: KEY_FRAME_MS,
    };
    try {
      this.#listen(new MediaRecorder(this.#options.stream, options), pending);
    } catch {
      this.#refuse("recorder-failed");
    }
  }

  #listen(recorder: MediaRecorder, pending: Pending): void {
    this.#recorder = recorder;
    this.#lastBlobAt = performance.now();
    recorder.ondataavailable = ({ data }) => this.#keep(recorder, pending, data);
    recorder.onerror = recorder.onstop = () => this.#breakOff(recorder);
    recorder.start(TIMESLICE_MS);
  }

  /** Takes a blob into its recording's queue; conversions are chained, so chunks keep their order. */
  #keep(recorder: MediaRecorder, pending: Pending, blob: Blob): void {
    if (this.#pending !== pending || blob.size === 0) return;
    const ms = performance.now() - this.#lastBlobAt;
    this.#lastBlobAt += ms;
    this.#storing = this.#storing.then(async () => {
      const data = await blob.arrayBuffer();
      if (this.#pending !== pending) return;
      pending.add(this.#seq++, data, ms);
      if (pending.bytes + (this.#leftover?.bytes ?? 0) > QUEUE_CAP_BYTES) this.#fill(recorder);
      this.#tell();
      this.#wake();
    });
  }

  /** Recording pauses; once the queue is sent, a new epoch goes on with what is seen then. */
  #fill(recorder: MediaRecorder): void {
    this.#full = true;
    this.#breakOff(recorder);
  }

  #breakOff(recorder: MediaRecorder): void {
    if (this.#recorder !== recorder) return;
    this.#stopRecorder();
    this.#wake();
  }

  #stopRecorder(): void {
    const recorder = this.#recorder;
    this.#recorder = null;
    if (!recorder || recorder.state === "inactive") return;
    // The last blob comes before the stop event.
    this.#drained = new Promise((done) => recorder.addEventListener("stop", () => done(), { once: true }));
    recorder.stop();
  }

  async #allKept(): Promise<void> {
    await this.#drained;
    await this.#storing;
  }

  // --- sending -------------------------------------------------------------------------------------

  async #open(pending: Pending): Promise<void> {
    const opened = await this.#persistently(() => this.#courier.open(formatHere() || "video/webm"));
    if (!opened) return;
    pending.open(opened.epoch);
    this.#epoch = opened.epoch;
    this.#opened();
    this.#tell();
  }

  /** Asks until there is an answer; undefined when it is a refusal. */
  async #persistently(ask: () => Promise<Opened | Outcome>): Promise<Opened | undefined> {
    for (;;) {
      const answer = await ask();
      if (!("kind" in answer)) {
        this.#offline = false;
        return answer;
      }
      if (answer.kind !== "again") {
        this.#refuse(answer.kind === "refused" ? answer.code : answer.kind);
        return undefined;
      }
      await this.#away(answer.afterMs);
    }
  }

  async #send(): Promise<void> {
    while (this.#pending && this.#refused === null) {
      const pending: Pending = this.#pending;
      const chunk = pending.at(this.#next);
      if (!pending.isOpen && (chunk || !this.#ending)) {
        await this.#open(pending);
      } else if (chunk) {
        const began = performance.now();
        const outcome = await this.#courier.post(pending.epoch, chunk.seq, chunk.data);
        if (outcome.kind === "taken") this.#measure(chunk.data.byteLength, performance.now() - began);
        await this.#act(pending, outcome);
      } else if (pending.count > 0) {
        await this.#renew();
      } else if (this.#recorder === null) {
        await this.#allKept();
        if (pending.count > 0) continue;
        if (pending.isOpen) await this.#endEpoch(pending.epoch);
        if (this.#ending) return;
        await this.#begin();
      } else {
        await new Promise<void>((wake) => (this.#wake = wake));
      }
    }
  }

  async #act(pending: Pending, outcome: Outcome): Promise<void> {
    switch (outcome.kind) {
      case "taken":
        this.#offline = false;
        this.#sent += outcome.next - this.#next;
        this.#next = outcome.next;
        pending.acknowledge(outcome.next);
        this.#tell();
        return;
      case "rewind":
        if (pending.at(outcome.next)) this.#next = outcome.next;
        else await this.#renew();
        return;
      case "closed":
        await this.#renew();
        return;
      case "refused":
        this.#refuse(outcome.code);
        return;
      case "again":
        await this.#away(outcome.afterMs);
    }
  }

  /** A stream with a hole cannot be read: the recorder begins anew, in a new epoch. */
  async #renew(): Promise<void> {
    this.#stopRecorder();
    this.#discard();
    if (!this.#ending) await this.#begin();
  }

  async #endEpoch(epoch: number): Promise<void> {
    for (;;) {
      const answer = await this.#courier.end(epoch);
      if (!("kind" in answer) || answer.kind !== "again") return;
      await this.#away(answer.afterMs);
    }
  }

  async #away(ms: number): Promise<void> {
    this.#offline = true;
    this.#tell();
    await pause(ms);
  }

  #measure(bytes: number, ms: number): void {
    const kbps = (bytes * 8) / Math.max(ms, 1);
    this.#uplinkKbps = this.#uplinkKbps ? this.#uplinkKbps * 0.8 + kbps * 0.2 : kbps;
  }

  #refuse(code: string): void {
    this.#refused = code;
    this.#stopRecorder();
    if (isHopeless(code)) this.#discard();
    this.#finish();
  }

  #discard(): void {
    this.#lost += this.#pending?.count ?? 0;
    this.#pending?.forget();
    this.#pending = null;
  }

  #finish(): void {
    this.#phase = "stopped";
    this.#tell();
  }

  #state(): BroadcastStatus["state"] {
    if (this.#phase !== "running") return this.#phase;
    if (this.#offline || this.#leftover?.offline) return "offline";
    return this.#queuedMs > CATCHING_UP_MS ? "catching-up" : "sending";
  }

  get #queuedMs(): number {
    return (this.#pending?.ms ?? 0) + (this.#leftover?.ms ?? 0);
  }

  readonly #tell = (): void => void this.dispatchEvent(new Event("status"));
}
