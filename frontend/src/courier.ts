/** The ingest addresses of one show, and what their answers mean for a broadcaster. */

export type Outcome =
  | { kind: "taken"; next: number }
  /** Go on from `next` (or, when that chunk is gone, with a new epoch). */
  | { kind: "rewind"; next: number }
  /** This epoch takes nothing more; another one may. */
  | { kind: "closed" }
  /** No use trying again. */
  | { kind: "refused"; code: string }
  | { kind: "again"; afterMs: number };

export interface Opened {
  epoch: number;
  next: number;
}

export interface Where extends Opened {
  closed: boolean;
}

/** As long as a request may take at first; a slow uplink is given up to the server's own limit. */
const TIMEOUT_MS = 5000;
const LONGEST_TIMEOUT_MS = 20_000;
const LONGEST_PAUSE_MS = 2000;
/** The answer to everything once it was told to stop. */
export const ABORTED: Outcome = { kind: "refused", code: "aborted" };
const NEW_EPOCH_HELPS = new Set(["epoch-closed", "epoch-not-found", "chunk-too-large"]);

export class Courier {
  #failures = 0;
  #timeoutMs = TIMEOUT_MS;

  constructor(
    private readonly show: string,
    private readonly key: string,
    private readonly stopped: AbortSignal = new AbortController().signal,
  ) {}

  open(mime: string): Promise<Opened | Outcome> {
    return this.#ask<Opened>("POST", "", JSON.stringify({ mime }));
  }

  where(epoch: number): Promise<Where | Outcome> {
    return this.#ask<Where>("GET", `/${epoch}`);
  }

  end(epoch: number): Promise<Where | Outcome> {
    return this.#ask<Where>("POST", `/${epoch}/end`);
  }

  async post(epoch: number, seq: number, data: ArrayBuffer): Promise<Outcome> {
    const answer = await this.#ask<{ next: number }>("POST", `/${epoch}/${seq}`, data);
    if ("kind" in answer) return answer;
    return answer.next > seq ? { kind: "taken", next: answer.next } : { kind: "rewind", next: answer.next };
  }

  async #ask<T extends object>(method: string, path: string, body: BodyInit | null = null): Promise<T | Outcome> {
    if (this.#isStopped()) return ABORTED;
    const began = performance.now();
    try {
      const response = await fetch(`/live/${encodeURIComponent(this.show)}/ingest${path}`, {
        method,
        body,
        headers: { Authorization: `Bearer ${this.key}` },
        signal: AbortSignal.any([this.stopped, AbortSignal.timeout(this.#timeoutMs)]),
      });
      const answer = (await response.json()) as Record<string, unknown>;
      if (!response.ok) return this.#refusal(response, answer);
      this.#failures = 0;
      this.#allow(2 * (performance.now() - began));
      return answer as T;
    } catch (error) {
      if (this.#isStopped()) return ABORTED;
      if (error instanceof DOMException && error.name === "TimeoutError") this.#allow(2 * this.#timeoutMs);
      return this.#again();
    }
  }

  #isStopped(): boolean {
    return this.stopped.aborted;
  }

  #allow(ms: number): void {
    this.#timeoutMs = Math.min(LONGEST_TIMEOUT_MS, Math.max(TIMEOUT_MS, ms));
  }

  #refusal(response: Response, answer: Record<string, unknown>): Outcome {
    const code = typeof answer.type === "string" ? answer.type.slice(answer.type.lastIndexOf("/") + 1) : "";
    if (code === "out-of-window") return { kind: "rewind", next: Number(answer.expected) };
    if (NEW_EPOCH_HELPS.has(code)) return { kind: "closed" };
    const passing = response.status >= 500 || response.status === 408 || response.status === 429 || code === "";
    return passing ? this.#again() : { kind: "refused", code };
  }

  #again(): Outcome {
    const afterMs = Math.min(LONGEST_PAUSE_MS, 200 * 2 ** this.#failures);
    this.#failures += 1;
    return { kind: "again", afterMs };
  }
}
