/** Sending this device's picture: one Broadcast after another, and the phone kept awake meanwhile. */
import { Broadcast, type BroadcastStatus } from "../uploader";
import { connectionOf, NO_CONNECTION, wasTakenOver, type Connection } from "./connection";
import { remember } from "./memory";
import { WakeLock } from "./wakelock";

export interface TransmissionEvents {
  connection: (now: Connection) => void;
  /** It ended without being asked to: a refusal's code, or `taken-over`. */
  broken: (code: string) => void;
}

export class Transmission {
  #key = "";
  #broadcast: Broadcast | undefined;
  #startedAt = 0;
  #epoch = 0;
  readonly #awake = new WakeLock();

  constructor(
    private readonly show: string,
    private readonly events: TransmissionEvents,
  ) {
    addEventListener("beforeunload", (event) => {
      if (this.isSending) event.preventDefault();
    });
    setInterval(() => {
      if (this.isSending) remember(this.show);
    }, 5000);
  }

  get isSending(): boolean {
    return this.#broadcast !== undefined;
  }

  get connection(): Connection {
    return this.#broadcast ? connectionOf(this.#broadcast.status) : NO_CONNECTION;
  }

  async start(key: string, stream: MediaStream): Promise<void> {
    this.#key = key;
    this.#startedAt = Date.now();
    this.#epoch = 0;
    const broadcast = new Broadcast({ showId: this.show, ingestKey: key, stream });
    this.#broadcast = broadcast;
    broadcast.addEventListener("status", () => this.#hear(broadcast));
    remember(this.show);
    void this.#awake.hold();
    await broadcast.start();
  }

  /** Goes on with another stream, after everything of the present one was sent. */
  async replace(newStream: () => Promise<MediaStream>): Promise<void> {
    const before = this.#broadcast;
    if (!before) return;
    await before.stop();
    await this.start(this.#key, await newStream());
  }

  /** Resolves when everything was sent. */
  async stop(): Promise<void> {
    const last = this.#broadcast;
    await last?.stop();
    if (this.#broadcast === last) this.abandon();
  }

  /** Sends nothing more, from now on. */
  abandon(): void {
    const last = this.#broadcast;
    this.#forget();
    last?.abort();
  }

  #forget(): void {
    this.#broadcast = undefined;
    this.#awake.release();
  }

  #hear(broadcast: Broadcast): void {
    if (this.#broadcast !== broadcast) return;
    const { status } = broadcast;
    this.events.connection(connectionOf(status));
    if (status.refused) this.#break(status.refused);
    else if (this.#noticeRival(status)) {
      void broadcast.stop();
      this.#break("taken-over");
    }
  }

  #noticeRival({ epoch }: BroadcastStatus): boolean {
    const before = this.#epoch;
    this.#epoch = epoch;
    return wasTakenOver(before, epoch, Date.now() - this.#startedAt);
  }

  #break(code: string): void {
    this.#forget();
    // That the show is over is said by its room, to every device.
    if (code !== "show-over") this.events.broken(code);
  }
}
