/** What the merchant is told of the connection: how much waits in the phone decides, not what a radio claims. */
import type { BroadcastStatus } from "../uploader";

export type Level = "idle" | "good" | "slow" | "weak" | "cut" | "full";

export interface Connection {
  level: Level;
  /** Seconds of show that wait to be sent. */
  seconds: number;
  /** Some of the picture will never arrive: what was recorded for it is not taken any more. */
  lost: boolean;
}

type Told = Pick<BroadcastStatus, "state" | "queuedMs" | "full" | "lost">;

export const NO_CONNECTION: Connection = { level: "idle", seconds: 0, lost: false };

const SLOW_MS = 2000;
const WEAK_MS = 6000;
/** A retry that succeeds at once is not worth a word. */
const CUT_MS = 1500;

export function connectionOf(told: Told): Connection {
  return { level: levelOf(told), seconds: Math.round(told.queuedMs / 1000), lost: told.lost > 0 };
}

function levelOf({ state, queuedMs, full }: Told): Level {
  if (state === "idle" || state === "stopped") return "idle";
  if (full) return "full";
  if (state === "offline" && queuedMs >= CUT_MS) return "cut";
  if (queuedMs >= WEAK_MS) return "weak";
  return queuedMs >= SLOW_MS ? "slow" : "good";
}

/** Whether another device began to send this show: somebody else's epoch lies between ours. */
export function wasTakenOver(before: number, after: number, sendingForMs: number): boolean {
  return before > 0 && after - before > 1 && sendingForMs > JUST_BEGUN_MS;
}

/** A device that has just begun is the one that takes over, not the one that yields. */
const JUST_BEGUN_MS = 5_000;
