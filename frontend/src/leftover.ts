/** What earlier pages of a show recorded and could not send. It goes before anything new: a new epoch closes theirs. */
import { Courier, type Opened, type Outcome, type Where } from "./courier";
import { Pending } from "./pending";

const working = new Map<string, Leftover>();
/** Nobody will ever take these chunks; any other refusal may pass with a better key. */
const HOPELESS = new Set(["show-over", "show-not-found"]);

const pause = (ms: number) => new Promise<void>((resume) => setTimeout(resume, ms));

export function isHopeless(code: string | null): boolean {
  return code !== null && HOPELESS.has(code);
}

/** Event `status`: something was sent, or the connection changed. */
export class Leftover extends EventTarget {
  /** Resolves when it is known what there is; what is recorded later is not part of it. */
  readonly found: Promise<void>;
  /** Resolves when the server has everything it would take, or refused this broadcaster. */
  readonly sent: Promise<void>;
  readonly #courier: Courier;
  readonly #stop = new AbortController();
  #waiting: Pending[] = [];
  #offline = false;
  #lost = 0;
  #refused: string | null = null;

  private constructor(
    showId: string,
    ingestKey: string,
    private readonly mime: string,
  ) {
    super();
    this.#courier = new Courier(showId, ingestKey, this.#stop.signal);
    this.found = Pending.left(showId).then((left) => void (this.#waiting = left));
    this.sent = this.found.then(() => this.#sendAll());
  }

  /** One at a time per show and key. `mime` is what this browser records. */
  static of(showId: string, ingestKey: string, mime: string): Leftover {
    const name = `${showId} ${ingestKey}`;
    const known = working.get(name);
    if (known && !known.#stop.signal.aborted) return known;
    const leftover = new Leftover(showId, ingestKey, mime);
    working.set(name, leftover);
    void leftover.sent.finally(() => {
      if (working.get(name) === leftover) working.delete(name);
    });
    return leftover;
  }

  /** Sends nothing more; what waits stays for a later page. */
  abort(): void {
    this.#stop.abort();
  }

  get count(): number {
    return this.#sum((pending) => pending.count);
  }

  get bytes(): number {
    return this.#sum((pending) => pending.bytes);
  }

  get ms(): number {
    return this.#sum((pending) => pending.ms);
  }

  get offline(): boolean {
    return this.#offline;
  }

  /** Chunks that no epoch takes any more. */
  get lost(): number {
    return this.#lost;
  }

  get refused(): string | null {
    return this.#refused;
  }

  async #sendAll(): Promise<void> {
    for (const pending of [...this.#waiting]) {
      await this.#sendOne(pending);
      if (this.#refused !== null && !isHopeless(this.#refused)) return;
      this.#lost += pending.count;
      pending.forget();
      this.#waiting.shift();
      this.#tell();
    }
  }

  /** Sends what the epoch still takes, then ends it. */
  async #sendOne(pending: Pending): Promise<void> {
    if (!pending.isOpen && !pending.at(0)) return; // without its beginning it cannot be read
    let outcome = await this.#ask(pending);
    while (outcome.kind !== "closed") {
      if (outcome.kind === "refused") {
        if (outcome.code !== "format-unknown") this.#refused = outcome.code;
        return;
      }
      outcome = outcome.kind === "again" ? await this.#later(pending, outcome.afterMs) : await this.#on(pending, outcome.next);
    }
  }

  /** Where the server wants this epoch to go on; a recording that has none gets one. */
  async #ask(pending: Pending): Promise<Outcome> {
    const answer: Opened | Where | Outcome = pending.isOpen
      ? await this.#courier.where(pending.epoch)
      : await this.#courier.open(this.mime);
    if ("kind" in answer) return answer;
    if ("closed" in answer && answer.closed) return { kind: "closed" };
    if (!pending.isOpen) pending.open(answer.epoch);
    return { kind: "rewind", next: answer.next };
  }

  async #later(pending: Pending, ms: number): Promise<Outcome> {
    this.#offline = true;
    this.#tell();
    await pause(ms);
    return this.#ask(pending);
  }

  async #on(pending: Pending, next: number): Promise<Outcome> {
    this.#offline = false;
    pending.acknowledge(next);
    this.#tell();
    const chunk = pending.at(next);
    if (chunk) return this.#courier.post(pending.epoch, chunk.seq, chunk.data);
    const answer = await this.#courier.end(pending.epoch);
    return "kind" in answer ? answer : { kind: "closed" };
  }

  #sum(measure: (pending: Pending) => number): number {
    return this.#waiting.reduce((sum, pending) => sum + measure(pending), 0);
  }

  #tell(): void {
    this.dispatchEvent(new Event("status"));
  }
}
