/** A room as it happens: the snapshot, then every chunk after it. */
import { readSnapshot } from "./files";
import { applyChunk, UNKNOWN, type Chunk, type RoomState } from "./state";

/** After this long without the room, ms, its snapshot is less to load than what was missed. */
const AWAY_MS = 120_000;
/** A stream that does not open in this time, ms, stands on a dead line. */
const OPENING_MS = 20_000;
/** A stream silent for this long, ms, may have died while the page slept. */
const QUIET_MS = 30_000;
/** A stream that held this long, ms, was no failure: the next attempt comes soon again. */
const HELD_MS = 10_000;
const SHORTEST_MS = 500;
const LONGEST_MS = 8_000;

/** Wait before attempt `failures` + 1, ms: spread out, so that a restarted server is not met by all at once. */
function backOff(failures: number): number {
  const most = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** failures);
  return SHORTEST_MS + Math.random() * (most - SHORTEST_MS);
}

interface FeedOptions {
  /** Not to be counted as a viewer, as the studio. */
  silent?: boolean;
}

/**
 * Tells "state" when a snapshot has come (read `state`), "event" (CustomEvent<RoomEvent>) for all that
 * follows on it, and "connection" (CustomEvent<"open" | "lost">) when that changes. After a loss it carries
 * on by itself, from where it was or from a new snapshot. Nothing follows the end of the show, so it stops there.
 */
export class Feed extends EventTarget {
  state: RoomState = UNKNOWN;
  #stale = true;
  #stream: EventSource | undefined;
  #attempt: AbortController | undefined;
  #page: AbortController | undefined;
  #failures = 0;
  #openedAt: number | undefined;
  #lostAt: number | undefined;
  #heardAt = 0;
  #connection: "open" | "lost" | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #opening: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly showId: string,
    private readonly options: FeedOptions = {},
  ) {
    super();
  }

  start(): void {
    if (this.#page) return;
    this.#page = new AbortController();
    this.#followPage(this.#page.signal);
    void this.#connect();
  }

  stop(): void {
    this.#page?.abort();
    this.#page = undefined;
    this.#disconnect();
    this.#stale = true;
  }

  async #connect(): Promise<void> {
    this.#disconnect();
    const attempt = new AbortController();
    this.#attempt = attempt;
    try {
      if (this.#stale || this.#isLongAway()) await this.#load(attempt.signal);
      if (!attempt.signal.aborted) this.#open();
    } catch {
      if (!attempt.signal.aborted) this.#fail();
    }
  }

  #isLongAway(): boolean {
    return this.#lostAt !== undefined && Date.now() - this.#lostAt > AWAY_MS;
  }

  async #load(signal: AbortSignal): Promise<void> {
    const snapshot = await readSnapshot(this.showId, signal);
    if (signal.aborted) return;
    this.state = snapshot;
    this.#stale = false;
    this.dispatchEvent(new Event("state"));
    this.#mindTheEnd();
  }

  #open(): void {
    const { epoch, chunk } = this.state;
    const silent = this.options.silent ? "&silent=1" : "";
    const stream = new EventSource(
      `/live/${this.showId}/events?after=${encodeURIComponent(epoch)}:${chunk - 1}${silent}`,
    );
    this.#stream = stream;
    this.#opening = setTimeout(() => this.#fail(), OPENING_MS);
    stream.addEventListener("open", () => this.#opened());
    stream.addEventListener("message", (message: MessageEvent<string>) => this.#hear(message.data));
    stream.addEventListener("reset", () => this.#startOver());
    stream.addEventListener("error", () => {
      // Refused rather than interrupted: the position may be the reason.
      if (stream.readyState === EventSource.CLOSED) this.#stale = true;
      this.#fail();
    });
  }

  #opened(): void {
    clearTimeout(this.#opening);
    this.#openedAt = this.#heardAt = Date.now();
    this.#lostAt = undefined;
    this.#tell("open");
  }

  #hear(data: string): void {
    this.#heardAt = Date.now();
    let chunk: Chunk;
    try {
      chunk = JSON.parse(data) as Chunk;
      if (chunk.epoch === this.state.epoch && chunk.chunk < this.state.chunk) return;
      this.state = applyChunk(this.state, chunk);
    } catch {
      this.#startOver();
      return;
    }
    for (const event of chunk.events) this.dispatchEvent(new CustomEvent("event", { detail: event }));
    this.#mindTheEnd();
  }

  /** The snapshot again. Not at once: a room that began anew refuses everybody in the same moment. */
  #startOver(): void {
    this.#stale = true;
    this.#connectLater();
  }

  #fail(): void {
    this.#lostAt ??= Date.now();
    this.#connectLater();
    this.#tell("lost");
  }

  #connectLater(): void {
    if (this.#openedAt !== undefined && Date.now() - this.#openedAt > HELD_MS) this.#failures = 0;
    this.#disconnect();
    this.#failures += 1;
    this.#retry = setTimeout(() => void this.#connect(), backOff(this.#failures));
  }

  #disconnect(): void {
    this.#attempt?.abort();
    this.#stream?.close();
    this.#stream = this.#openedAt = undefined;
    clearTimeout(this.#retry);
    clearTimeout(this.#opening);
  }

  #tell(connection: "open" | "lost"): void {
    if (connection === this.#connection) return;
    this.#connection = connection;
    this.dispatchEvent(new CustomEvent("connection", { detail: connection }));
  }

  #mindTheEnd(): void {
    if (!this.#page || this.state.phase !== "ended") return;
    if (this.#connection === "lost") this.#tell("open");
    this.stop();
  }

  /** Phones sleep, change networks and come back; then nobody waits for the back-off. */
  #followPage(signal: AbortSignal): void {
    document.addEventListener("visibilitychange", () => this.#comeBack(), { signal });
    window.addEventListener("online", () => void this.#connect(), { signal });
    window.addEventListener("offline", () => this.#fail(), { signal });
    window.addEventListener("pagehide", () => this.#rest(), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && void this.#connect(), { signal });
  }

  #comeBack(): void {
    if (document.visibilityState !== "visible") return;
    if (this.#openedAt === undefined || Date.now() - this.#heardAt > QUIET_MS) void this.#connect();
  }

  /** A page that may come back from the browser's memory keeps no stream. */
  #rest(): void {
    this.#lostAt ??= Date.now();
    this.#disconnect();
  }
}
