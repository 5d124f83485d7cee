/** Home: how many are watching what is live now, from the room's own snapshot. */
import viewerEn from "@messages/en/viewer.ftl?raw";
import viewerKo from "@messages/ko/viewer.ftl?raw";
import { request } from "./http";
import { fill } from "./page";
import { say, teach } from "./words";

/** Milliseconds between two looks; a snapshot is cacheable for a second. */
const EVERY = 15_000;

teach({ ko: viewerKo, en: viewerEn });

async function look(card: HTMLElement): Promise<void> {
  if (document.hidden) return;
  const { viewers } = await request<{ viewers: number }>("GET", `/shows/${card.dataset.live ?? ""}/feed/state.json`);
  fill(card, "viewers", viewers > 0 ? say("viewer-watching", { count: viewers }) : "");
}

for (const card of document.querySelectorAll<HTMLElement>("[data-live]")) {
  // The count is a nicety: a room that does not answer simply has none.
  const ask = (): void => void look(card).catch(() => undefined);
  ask();
  setInterval(ask, EVERY);
}
