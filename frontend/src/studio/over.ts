/** After the show: what it was, in three numbers. */
import { ReplayFeed } from "../feed";
import { fill, part } from "../page";
import { count, say } from "../words";

export function minutesOf(startedAt: number, endedAt: number): number {
  return Math.max(1, Math.round((endedAt - startedAt) / 60_000));
}

export function tellOver(startedAt: number, endedAt: number): void {
  const over = part("[data-over]");
  over.hidden = false;
  fill(over, "minutes", say("studio-minutes", { count: count(minutesOf(startedAt, endedAt)) }));
}

/** Orders and messages, counted from the room's own record. */
export async function tellNumbers(show: string): Promise<void> {
  const record = new ReplayFeed(show);
  await record.load();
  const events = record.upTo(Number.POSITIVE_INFINITY);
  for (const [type, slot, card] of [
    ["order", "orders-count", "[data-orders-card]"],
    ["chat", "chat-count", "[data-chat-card]"],
  ] as const) {
    const number = events.filter((event) => event.type === type).length;
    fill(document, slot, say(`studio-${slot}`, { count: count(number) }));
    part(card).hidden = false;
  }
}
