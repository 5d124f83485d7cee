/** The files of a show's `feed/` folder. */
import type { Chunk, Snapshot } from "./state";

/** A phone on a bad line gets a chunk of some KB in this, or better asks again. */
const PATIENCE_MS = 15_000;

async function read<T>(url: string, cache: RequestCache, signal?: AbortSignal): Promise<T> {
  const limits = [AbortSignal.timeout(PATIENCE_MS), ...(signal ? [signal] : [])];
  const response = await fetch(url, { cache, signal: AbortSignal.any(limits) });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return (await response.json()) as T;
}

/** Asked for anew every time: an old snapshot would only lead back to what was refused. */
export function readSnapshot(showId: string, signal?: AbortSignal): Promise<Snapshot> {
  return read(`/shows/${showId}/feed/state.json`, "no-cache", signal);
}

/** Chunks never change. */
export function readChunk(showId: string, epoch: string, chunk: number): Promise<Chunk> {
  return read(`/shows/${showId}/feed/${epoch}/${chunk}.json`, "default");
}
