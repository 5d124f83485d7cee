/**
 * Words, amounts and moments in the page's language: the browser's twin of golmok/web/words.py.
 *
 * The messages are the very Fluent files the server reads. A page teaches the areas it needs:
 * `teach({ ko: viewerKo, en: viewerEn })`, imported from "@messages/ko/viewer.ftl?raw" and so on.
 */
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";

export type Language = "ko" | "en";
export type Values = Record<string, FluentVariable>;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS_KO: Record<string, string> = {
  Mon: "월",
  Tue: "화",
  Wed: "수",
  Thu: "목",
  Fri: "금",
  Sat: "토",
  Sun: "일",
};
const SEOUL = new Intl.DateTimeFormat("en-US", {
  timeZone: "Asia/Seoul",
  month: "short",
  day: "numeric",
  weekday: "short",
  hour: "numeric",
  minute: "2-digit",
  hour12: true,
});
const bundles = new Map<Language, FluentBundle>();

export function language(): Language {
  return document.documentElement.lang.startsWith("en") ? "en" : "ko";
}

/** Adds an area of the catalogue. Teaching an area again changes nothing. */
export function teach(texts: Record<Language, string>): void {
  bundle(language()).addResource(new FluentResource(texts[language()]), { allowOverrides: true });
}

/** The message `key` with `values` filled in. Throws when no area that was taught has it. */
export function say(key: string, values?: Values): string {
  const words = bundle(language());
  const pattern = words.getMessage(key)?.value;
  if (!pattern) throw new Error(`no message ${key} (${language()})`);
  return words.formatPattern(pattern, values);
}

/** `12,900원`, or `₩12,900` in English. */
export function won(amount: number): string {
  return language() === "en" ? `₩${count(amount)}` : `${count(amount)}원`;
}

/** `1,204` */
export function count(amount: number): string {
  return amount.toLocaleString("en-US");
}

/** `7월 20일 (수) 오후 7:00` in Seoul; `moment` in ms UTC. */
export function dayAndTime(moment: number): string {
  const part = partsInSeoul(moment);
  const time = timeOfDay(moment);
  if (language() === "en") return `${part("weekday")} ${part("day")} ${part("month")}, ${time}`;
  const month = MONTHS.indexOf(part("month")) + 1;
  const weekday = WEEKDAYS_KO[part("weekday")] ?? "";
  return `${month}월 ${part("day")}일 (${weekday}) ${time}`;
}

/** `오후 7:00` in Seoul; `moment` in ms UTC. */
export function timeOfDay(moment: number): string {
  const part = partsInSeoul(moment);
  const time = `${part("hour")}:${part("minute")}`;
  const half = part("dayPeriod").toLowerCase();
  return language() === "en" ? `${time} ${half}` : `${half === "pm" ? "오후" : "오전"} ${time}`;
}

/** `23:10`, or `1:05:09` from an hour on. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = String(seconds % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** English parts in both languages: not every browser's Korean says 오후. */
function partsInSeoul(moment: number): (type: Intl.DateTimeFormatPartTypes) => string {
  const parts = SEOUL.formatToParts(moment);
  return (type) => parts.find((part) => part.type === type)?.value ?? "";
}

function bundle(of: Language): FluentBundle {
  let found = bundles.get(of);
  if (!found) {
    found = new FluentBundle(of, { useIsolating: false });
    bundles.set(of, found);
  }
  return found;
}
