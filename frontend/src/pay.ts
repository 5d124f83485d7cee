/** The page a payment window comes back to: has the payment confirmed, says what came of it, offers to try again. */
import payEn from "@messages/en/pay.ftl?raw";
import viewerEn from "@messages/en/viewer.ftl?raw";
import payKo from "@messages/ko/pay.ftl?raw";
import viewerKo from "@messages/ko/viewer.ftl?raw";
import { wordsOf } from "./composer";
import { ProblemError } from "./http";
import { endTitle, endWords, outcomeOf } from "./outcome";
import { fill, part, whileBusy } from "./page";
import { offerWays, refusalWords, showTransfer } from "./paying";
import { till, type Checkout } from "./till";
import { say, teach } from "./words";

teach({ ko: viewerKo, en: viewerEn });
teach({ ko: payKo, en: payEn });

/** Milliseconds between questions, and how many there are before the page stops asking by itself. */
const PAUSE = 3000;
const QUESTIONS = 30;

const page = part("[data-paying]");
const { paying: checkout = "", gateway = "" } = page.dataset;

/** Asks until somebody knows. What was brought is sent each time: doing it again is harmless. */
async function settle(brought: Record<string, string>): Promise<void> {
  start();
  for (let question = 0; question < QUESTIONS; question++) {
    try {
      show(await till.returned(checkout, gateway, brought));
      return;
    } catch (error) {
      if (!isUnclear(error)) {
        await refused(wordsOf(error));
        return;
      }
      fill(page, "words", say("pay-checking-long"));
      await new Promise((later) => setTimeout(later, PAUSE));
    }
  }
  fill(page, "words", say("pay-still-unclear"));
  part("[data-check-again]", page).hidden = false;
}

function isUnclear(error: unknown): boolean {
  return error instanceof ProblemError && (error.status === 0 || error.status >= 500 || error.code === "too-fast");
}

function start(): void {
  fill(page, "trouble", "");
  fill(page, "title", say("pay-checking"));
  for (const hidden of ["[data-ways]", "[data-check-again]", "[data-transfer]", "[data-order-link]"])
    part(hidden, page).hidden = true;
}

/** No payment came of it: the words, and the ways to try again. */
async function refused(words: string): Promise<void> {
  try {
    // Asked, so that a try that failed is known and the next one is another.
    show(await till.returned(checkout, gateway, {}));
  } catch {
    part("[data-order-link]", page).hidden = false;
  }
  fill(page, "trouble", words);
}

function show(now: Checkout): void {
  // From here on a reload only looks.
  history.replaceState(null, "", location.pathname);
  const isAwaited = showTransfer(page, now);
  const outcome = outcomeOf(now);
  const isUnpaid = outcome === "declined";
  if (isUnpaid) {
    fill(page, "title", say(isAwaited ? "pay-waiting" : "pay-unpaid"));
    fill(page, "words", isAwaited ? "" : say("pay-unpaid-detail"));
  } else {
    fill(page, "title", endTitle(outcome));
    fill(page, "words", endWords(now));
  }
  const ways = part("[data-ways]", page);
  if (isUnpaid && !isAwaited) offerWays(ways, now, (words) => fill(page, "trouble", words));
  else ways.hidden = true;
  part("[data-order-link]", page).hidden = isUnpaid && !isAwaited;
  part("[data-slot=title]", page).focus();
}

const again = part<HTMLButtonElement>("[data-check-again]", page);
again.addEventListener("click", () => void whileBusy(again, () => settle({})));
const brought = Object.fromEntries(new URLSearchParams(location.search));
if (brought.code) void refused(refusalWords(brought));
else void settle(brought);
