/** What this tab waits for in the line; a reload finds it here, the place itself is the server's to know. */
import { Draft } from "./draft";
import type { Wish } from "./till";

/** Looked for when it is needed: every page loads this, also where a browser forbids storage. */
const kept = (): Draft => new Draft("golmok-line");

export interface Waiting {
  wishes: Wish[];
  /** How many were ahead at the beginning. */
  from: number;
}

export function keepWaiting({ wishes, from }: Waiting): void {
  kept().keep({ wishes: JSON.stringify(wishes), from: String(from) });
}

export function waitedFor(): Waiting | undefined {
  const { wishes, from } = kept().read();
  return wishes ? { wishes: JSON.parse(wishes) as Wish[], from: Number(from) } : undefined;
}

export function stopWaiting(): void {
  kept().forget();
}
