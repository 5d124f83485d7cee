/** A page of the given language, as far as the modules under test look at it. */
import { vi } from "vitest";

export function pageIn(lang: "ko" | "en"): void {
  vi.stubGlobal("document", { documentElement: { lang } });
}
