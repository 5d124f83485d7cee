/** The running order counts from the start of the show, and a show may begin at another moment than planned. */
import { dayAndTime, timeOfDay } from "./words";

const MINUTE = 60_000;

/** Moves every time on the page to a show that began at `startedAt` (ms UTC). */
export function moveRundown(startedAt: number): void {
  const tell = (place: HTMLTimeElement, moment: number, words: string): void => {
    place.dateTime = new Date(moment).toISOString();
    place.textContent = words;
  };
  for (const place of document.querySelectorAll<HTMLTimeElement>("time[data-minutes]")) {
    const moment = startedAt + Number(place.dataset.minutes) * MINUTE;
    tell(place, moment, timeOfDay(moment));
  }
  for (const place of document.querySelectorAll<HTMLTimeElement>("time[data-began]"))
    tell(place, startedAt, dayAndTime(startedAt));
}
