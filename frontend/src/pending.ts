/** Chunks that are recorded but not yet acknowledged: in memory to be sent at once, in IndexedDB to outlive the page. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";

export interface Chunk {
  show: string;
  epoch: number;
  seq: number;
  data: ArrayBuffer;
  /** Length of the picture in it, ms. */
  ms: number;
  /** When it was recorded, ms UTC. */
  at: number;
}

interface Schema extends DBSchema {
  chunks: { key: [string, number, number]; value: Chunk; indexes: { at: number } };
}

type Store = IDBPDatabase<Schema>;

/** Longer than any show waits for its picture; what is left then would only fill the phone. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const EVERYTHING = Number.MAX_SAFE_INTEGER;
/** From here on a number is no epoch of the server's but the moment (ms UTC) a recording without one began. */
const UNOPENED = 1e12;
let newest = 0;

/** The database; undefined where the browser keeps nothing (some private windows): then memory must do. */
async function database(): Promise<Store | undefined> {
  try {
    const store = await openDB<Schema>("golmok-broadcast", 2, {
      upgrade: (db, before, _now, transaction) => {
        const fresh = before < 1;
        const chunks = fresh
          ? db.createObjectStore("chunks", { keyPath: ["show", "epoch", "seq"] })
          : transaction.objectStore("chunks");
        chunks.createIndex("at", "at");
      },
    });
    await forgetOld(store).catch(() => undefined);
    return store;
  } catch {
    return undefined;
  }
}

/** Of whatever show: nobody may ever open that one's page again. */
async function forgetOld(store: Store): Promise<void> {
  const old = await store.getAllKeysFromIndex("chunks", "at", IDBKeyRange.upperBound(Date.now() - KEPT_MS));
  if (old.length === 0) return;
  const { store: chunks, done } = store.transaction("chunks", "readwrite");
  await Promise.all([...old.map((key) => chunks.delete(key)), done]);
}

/** The unacknowledged chunks of one epoch. */
export class Pending {
  #chunks: Chunk[] = [];
  #bytes = 0;
  #ms = 0;
  #epoch: number;

  private constructor(
    private readonly store: Store | undefined,
    readonly show: string,
    epoch: number,
  ) {
    this.#epoch = epoch;
  }

  /** Begins a recording's queue, empty; the server need not know of it yet. */
  static async create(show: string): Promise<Pending> {
    newest = Math.max(newest + 1, Date.now());
    return new Pending(await database(), show, newest);
  }

  /** What earlier pages left of this show, oldest first. */
  static async left(show: string): Promise<Pending[]> {
    const store = await database();
    if (!store) return [];
    const all = IDBKeyRange.bound([show, 0, 0], [show, EVERYTHING, EVERYTHING]);
    const chunks = await store.getAll("chunks", all).catch(() => []);
    const found = new Map<number, Pending>();
    for (const chunk of chunks) {
      const pending = found.get(chunk.epoch) ?? new Pending(store, show, chunk.epoch);
      found.set(chunk.epoch, pending);
      pending.#take(chunk);
    }
    return [...found.values()];
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Whether the server has an epoch for this recording. */
  get isOpen(): boolean {
    return this.#epoch < UNOPENED;
  }

  /** The server's epoch of this recording; what is stored goes under its number. */
  open(epoch: number): void {
    const before = this.#range(EVERYTHING);
    this.#epoch = epoch;
    for (const chunk of this.#chunks) chunk.epoch = epoch;
    this.#quietly(this.#move(before));
  }

  get count(): number {
    return this.#chunks.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get ms(): number {
    return this.#ms;
  }

  at(seq: number): Chunk | undefined {
    const chunk = this.#chunks[seq - (this.#chunks[0]?.seq ?? 0)];
    return chunk?.seq === seq ? chunk : undefined;
  }

  /** Queued at once; stored in the background, in the order of the calls. */
  add(seq: number, data: ArrayBuffer, ms: number): void {
    const chunk = { show: this.show, epoch: this.epoch, seq, data, ms, at: Date.now() };
    this.#take(chunk);
    this.#quietly(this.store?.put("chunks", chunk));
  }

  /** Lets go of everything before `next`: it is on the server's disk. */
  acknowledge(next: number): void {
    while (this.#chunks[0] && this.#chunks[0].seq < next) {
      const chunk = this.#chunks.shift();
      this.#bytes -= chunk?.data.byteLength ?? 0;
      this.#ms -= chunk?.ms ?? 0;
    }
    if (next > 0) this.#quietly(this.store?.delete("chunks", this.#range(next - 1)));
  }

  forget(): void {
    this.#chunks = [];
    this.#bytes = this.#ms = 0;
    this.#quietly(this.store?.delete("chunks", this.#range(EVERYTHING)));
  }

  #take(chunk: Chunk): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.data.byteLength;
    this.#ms += chunk.ms;
  }

  async #move(before: IDBKeyRange): Promise<void> {
    const transaction = this.store?.transaction("chunks", "readwrite");
    if (!transaction) return;
    const { store, done } = transaction;
    await Promise.all([store.delete(before), ...this.#chunks.map((chunk) => store.put(chunk)), done]);
  }

  #range(last: number): IDBKeyRange {
    return IDBKeyRange.bound([this.show, this.epoch, 0], [this.show, this.epoch, last]);
  }

  /** A full disk must not stop the broadcast: the chunk is still in memory. */
  #quietly(work: Promise<unknown> | undefined): void {
    work?.catch(() => undefined);
  }
}
