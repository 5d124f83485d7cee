/** Sends what a camera records as numbered chunks, each kept until the server has it on disk. */
import { Courier, type Opened, type Outcome, type Where } from "./courier";
import { Pending } from "./pending";

export interface BroadcastOptions {
  showId: string;
  ingestKey: string;
  stream: MediaStream;
  bitsPerSecond?: number;
}

export interface BroadcastStatus {
  /** Chunks recorded and not yet acknowledged. */
  queued: number;
  queuedMs: number;
  /** Chunks acknowledged since the page began. */
  sent: number;
  epoch: number;
  state: "idle" | "sending" | "catching-up" | "offline" | "stopped";
  uplinkKbps: number;
  /** Nothing more fits: recording pauses until the connection is back and what waits is sent. */
  full: boolean;
  /** Code of the problem the server answered with when it refused for good; `camera-lost` when the stream ended. */
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
/** How long a new broadcast waits for an earlier page's chunks. */
const RESUME_PATIENCE_MS = 10_000;

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
const resuming = new Map<string, Promise<void>>();

export class Broadcast extends EventTarget {
  readonly #courier: Courier;
  readonly #options: BroadcastOptions;
  #pending: Pending | null = null;
  #recorder: MediaRecorder | null = null;
  #storing: Promise<void> = Promise.resolve();
  #drained: Promise<void> = Promise.resolve();
  #seq = 0;
  #next = 0;
  #sent = 0;
  #epoch = 0;
  #lastBlobAt = 0;
  #uplinkKbps = 0;
  #offline = false;
  #full = false;
  #ending = false;
  #refused: string | null = null;
  #phase: "idle" | "running" | "stopped" = "idle";
  #running: Promise<void> | null = null;
  #wake: () => void = () => undefined;

  constructor(options: BroadcastOptions) {
    super();
    this.#options = options;
    this.#courier = new Courier(options.showId, options.ingestKey);
  }

  /** Sends what an earlier page of this show left behind, and ends its epochs. */
  static resumePending(showId: string, ingestKey: string): Promise<void> {
    const known = resuming.get(showId);
    if (known) return known;
    const work = sendLeft(showId, new Courier(showId, ingestKey)).finally(() => resuming.delete(showId));
    resuming.set(showId, work);
    return work;
  }

  get status(): BroadcastStatus {
    return {
      queued: this.#pending?.count ?? 0,
      queuedMs: Math.round(this.#pending?.ms ?? 0),
      sent: this.#sent,
      epoch: this.#epoch,
      state: this.#state(),
      uplinkKbps: Math.round(this.#uplinkKbps),
      full: this.#full,
      refused: this.#refused,
    };
  }

  /** Resolves when the recorder runs and the server expects its chunks, or when the server refused. */
  async start(): Promise<void> {
    if (this.#phase !== "idle") return;
    this.#phase = "running";
    const { showId, ingestKey } = this.#options;
    await Promise.race([Broadcast.resumePending(showId, ingestKey), pause(RESUME_PATIENCE_MS)]);
    await this.#openEpoch();
    this.#running = this.#send();
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

  // --- recording -----------------------------------------------------------------------------------

  #record(): void {
    if (!this.#options.stream.active) {
      this.#refuse("camera-lost");
      return;
    }
    const mimeType = chooseFormat((mime) => MediaRecorder.isTypeSupported(mime));
    const options: RecorderOptions = {
      ...(mimeType ? { mimeType } : {}),
      videoBitsPerSecond: this.#options.bitsPerSecond ?? BITS_PER_SECOND,
      audioBitsPerSecond: 96_000,
      videoKeyFrameIntervalDuration: KEY_FRAME_MS,
    };
    const recorder = new MediaRecorder(this.#options.stream, options);
    this.#recorder = recorder;
    this.#lastBlobAt = performance.now();
    recorder.ondataavailable = ({ data }) => this.#keep(recorder, data);
    recorder.onerror = recorder.onstop = () => this.#breakOff(recorder);
    recorder.start(TIMESLICE_MS);
  }

  /** Takes a blob into the queue; conversions are chained, so chunks keep their order. */
  #keep(recorder: MediaRecorder, blob: Blob): void {
    const pending = this.#pending;
    if (!pending || blob.size === 0) return;
    const ms = performance.now() - this.#lastBlobAt;
    this.#lastBlobAt += ms;
    this.#storing = this.#storing.then(async () => {
      const data = await blob.arrayBuffer();
      if (this.#pending !== pending) return;
      pending.add(this.#seq++, data, ms);
      if (pending.bytes > QUEUE_CAP_BYTES) this.#fill(recorder);
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

  async #openEpoch(): Promise<void> {
    const mime = chooseFormat((type) => MediaRecorder.isTypeSupported(type)) || "video/webm";
    const opened = await this.#persistently(() => this.#courier.open(mime));
    if (!opened) return;
    this.#pending = await Pending.create(this.#options.showId, opened.epoch);
    this.#epoch = opened.epoch;
    this.#seq = this.#next = 0;
    this.#full = false;
    if (!this.#ending) this.#record();
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
      if (chunk) {
        const began = performance.now();
        const outcome = await this.#courier.post(pending.epoch, chunk.seq, chunk.data);
        if (outcome.kind === "taken") this.#measure(chunk.data.byteLength, performance.now() - began);
        await this.#act(pending, outcome);
      } else if (pending.count > 0) {
        await this.#renew(pending);
      } else if (this.#recorder === null) {
        await this.#allKept();
        if (pending.count > 0) continue;
        await this.#endEpoch(pending.epoch);
        if (this.#ending) return;
        await this.#openEpoch();
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
        else await this.#renew(pending);
        return;
      case "closed":
        await this.#renew(pending);
        return;
      case "refused":
        this.#refuse(outcome.code);
        return;
      case "again":
        await this.#away(outcome.afterMs);
    }
  }

  /** A stream with a hole cannot be read: the recorder begins anew, in a new epoch. */
  async #renew(lost: Pending): Promise<void> {
    this.#stopRecorder();
    this.#pending = null;
    lost.forget();
    if (!this.#ending) await this.#openEpoch();
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
    this.#finish();
  }

  #finish(): void {
    this.#phase = "stopped";
    this.#tell();
  }

  #state(): BroadcastStatus["state"] {
    if (this.#phase !== "running") return this.#phase;
    if (this.#offline) return "offline";
    return (this.#pending?.ms ?? 0) > CATCHING_UP_MS ? "catching-up" : "sending";
  }

  #tell(): void {
    this.dispatchEvent(new Event("status"));
  }
}

async function sendLeft(showId: string, courier: Courier): Promise<void> {
  for (const pending of await Pending.left(showId)) {
    if (!(await sendEpoch(pending, courier))) return;
    pending.forget();
  }
}

/** False when the server refuses this broadcaster altogether: the chunks stay for a better key. */
async function sendEpoch(pending: Pending, courier: Courier): Promise<boolean> {
  let outcome: Where | Outcome = await courier.where(pending.epoch);
  for (;;) {
    if (!("kind" in outcome)) {
      if (outcome.closed) return true;
      outcome = { kind: "rewind", next: outcome.next };
    }
    if (outcome.kind === "refused" || outcome.kind === "closed") return outcome.kind === "closed";
    if (outcome.kind === "again") {
      await pause(outcome.afterMs);
      outcome = await courier.where(pending.epoch);
      continue;
    }
    pending.acknowledge(outcome.next);
    const chunk = pending.at(outcome.next);
    outcome = chunk ? await courier.post(pending.epoch, chunk.seq, chunk.data) : await courier.end(pending.epoch);
  }
}
