/** A room as it happened. */
import { readChunk, readSnapshot } from "./files";
import type { Chunk, EpochRange, RoomEvent } from "./state";

/** What a browser asks of one server at a time over HTTP/1.1. */
const AT_A_TIME = 6;
const ATTEMPTS = 3;
/** Pause before asking again, ms. */
const PAUSE_MS = 500;

type Place = [epoch: string, chunk: number];

function* placesIn(epochs: readonly EpochRange[]): Generator<Place> {
  for (const { epoch, first_chunk, last_chunk } of epochs)
    for (let chunk = first_chunk; chunk <= last_chunk; chunk += 1) yield [epoch, chunk];
}

async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
    }
  }
}

/** Every event of a show, in the order of programme time. */
export class ReplayFeed {
  #events: RoomEvent[] = [];
  /** How many of them are told, and up to when. */
  #told = 0;
  #toldTo = -Infinity;

  constructor(private readonly showId: string) {}

  /** Rejects when the record cannot be had whole. */
  async load(): Promise<void> {
    const { epochs } = await patiently(() => readSnapshot(this.showId));
    const chunks = await this.#read([...placesIn(epochs)]);
    this.#events = chunks.flatMap(({ events }) => events).sort((one, other) => one.at - other.at);
    this.#told = 0;
    this.#toldTo = -Infinity;
  }

  /**
   * What happened since the last call up to `programmeTimeMs`. After a step back in time it is everything
   * from the beginning, for a reader that has cleared what it showed.
   */
  upTo(programmeTimeMs: number): RoomEvent[] {
    if (programmeTimeMs < this.#toldTo) this.#told = 0;
    this.#toldTo = programmeTimeMs;
    const from = this.#told;
    for (let next = this.#events[from]; next && next.at <= programmeTimeMs; next = this.#events[this.#told]) this.#told += 1;
    return this.#events.slice(from, this.#told);
  }

  async #read(places: readonly Place[]): Promise<Chunk[]> {
    const chunks = new Array<Chunk>(places.length);
    const queue = places.entries();
    const reader = async (): Promise<void> => {
      for (const [index, [epoch, chunk]] of queue)
        chunks[index] = await patiently(() => readChunk(this.showId, epoch, chunk));
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, reader));
    return chunks;
  }
}
