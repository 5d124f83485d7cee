/** The line before the till: which place, how long about, and on to the checkout when it is the buyer's turn. */
import { wordsOf } from "./composer";
import { ProblemError } from "./http";
import { fill, part, whileBusy } from "./page";
import { openSheet, prepareSheet } from "./sheet";
import { isPlace, till, type Checkout, type Place, type Wish } from "./till";
import { keepWaiting, stopWaiting, waitedFor, type Waiting } from "./waiting";
import { say } from "./words";

/** Asking is spread by up to so much of the time to wait. */
const JITTER = 0.2;
/** Seconds until it is tried again when nobody answered. */
const NO_ANSWER = 3;
/** A screen reader hears of the line at most so often, ms. */
const SAY_EVERY = 15_000;

/** Refusals of a moment: the place is not lost by them. */
function isPassing(error: ProblemError): boolean {
  return error.status === 0 || error.status === 429 || error.status >= 500;
}

export function aheadWords({ ahead }: Pick<Place, "ahead">): string {
  return say("line-ahead", { count: ahead });
}

export function timeWords({ seconds }: Pick<Place, "seconds">): string {
  return say("line-seconds", { seconds, minutes: seconds < 60 ? 0 : Math.ceil(seconds / 60) });
}

/** What the buyer waited for, and what came of it. */
export interface Turn {
  wishes: Wish[];
  checkout: Checkout;
}

/** Says "turn" with a Turn, and "refused" with the error. */
export class LineSheet extends EventTarget {
  private readonly dialog = part<HTMLDialogElement>("#line");
  private readonly hide = part("[data-close]", this.dialog);
  private readonly buttons = document.querySelectorAll<HTMLElement>("[data-in-line]");
  private waiting: Waiting | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isAsking = false;
  private saidAt = 0;

  constructor() {
    super();
    prepareSheet(this.dialog, { onClose: () => this.offerToShow() });
    for (const button of this.buttons) button.addEventListener("click", () => this.open());
    const leave = part("[data-leave]", this.dialog);
    leave.addEventListener("click", () => void whileBusy(leave, () => this.leave()));
    document.addEventListener("visibilitychange", () => {
      // In the background timers are slow.
      if (this.waiting && !document.hidden) void this.ask();
    });
  }

  /** Shows the place that asking for `wishes` gave, and waits for the turn. */
  stand(place: Place, wishes: Wish[]): void {
    this.wait({ wishes, from: place.ahead }, place);
    this.open();
  }

  /** Goes on with what this tab waited for before; whether it did. */
  async find(): Promise<boolean> {
    this.waiting = waitedFor();
    if (!this.waiting) return false;
    await this.ask();
    if (this.isWaiting) this.open();
    return true;
  }

  close(): void {
    this.dialog.close();
  }

  private get isWaiting(): boolean {
    return this.waiting !== undefined;
  }

  private wait(waiting: Waiting, place: Place): void {
    this.waiting = waiting;
    keepWaiting(waiting);
    this.show(place);
    this.askIn(place.ask_again);
  }

  private open(): void {
    openSheet(this.dialog);
    this.offerToShow();
  }

  /** Closing is not leaving: the way back to the sheet stays on the page. */
  private offerToShow(): void {
    for (const button of this.buttons) button.hidden = this.dialog.open || !this.waiting;
  }

  private show(place: Place): void {
    const words = { ahead: aheadWords(place), time: timeWords(place) };
    this.face("waiting", say("line-title"));
    fill(this.dialog, "line-ahead", words.ahead);
    fill(this.dialog, "line-seconds", place.ahead > 0 ? words.time : "");
    fill(this.dialog, "line-number", say("line-number", { number: place.place }));
    for (const button of this.buttons) fill(button, "line-brief", say("line-said", words));
    const bar = part<HTMLProgressElement>("progress", this.dialog);
    bar.max = Math.max(1, this.waiting?.from ?? 0);
    bar.value = Math.max(0, bar.max - place.ahead);
    if (Date.now() - this.saidAt > SAY_EVERY) this.say(say("line-said", words));
  }

  private face(face: "waiting" | "refused", title: string): void {
    fill(this.dialog, "line-title", title);
    const { [face]: closing = "" } = this.hide.dataset;
    this.hide.ariaLabel = closing;
    for (const panel of this.dialog.querySelectorAll<HTMLElement>("[data-face]")) panel.hidden = panel.dataset.face !== face;
  }

  private say(words: string): void {
    this.saidAt = Date.now();
    part("[data-line-said]", this.dialog).textContent = words;
  }

  private askIn(seconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), seconds * 1000 * (1 + Math.random() * JITTER));
  }

  private async ask(): Promise<void> {
    const { waiting } = this;
    if (!waiting || this.isAsking) return;
    this.isAsking = true;
    try {
      const answer = await till.line().catch((error: unknown) => this.standAgain(error, waiting));
      // Left meanwhile.
      if (this.waiting !== waiting) return;
      if (isPlace(answer)) this.wait({ ...waiting, from: Math.max(waiting.from, answer.ahead) }, answer);
      else this.turn(answer, waiting);
    } catch (error) {
      if (this.waiting === waiting) this.failed(error);
    } finally {
      this.isAsking = false;
    }
  }

  /** A server that started again knows no line: the same once more, as if the button had been pressed. */
  private async standAgain(error: unknown, { wishes }: Waiting): Promise<Checkout | Place> {
    if (!(error instanceof ProblemError) || error.code !== "not-in-line") throw error;
    const answer = await till.start(wishes);
    if (isPlace(answer)) this.say(say("line-again"));
    return answer;
  }

  private failed(error: unknown): void {
    if (error instanceof ProblemError && isPassing(error)) this.askIn(NO_ANSWER);
    else this.refused(error);
  }

  private turn(checkout: Checkout, { wishes }: Waiting): void {
    this.end();
    this.dialog.close();
    this.dispatchEvent(new CustomEvent<Turn>("turn", { detail: { wishes, checkout } }));
  }

  private refused(error: unknown): void {
    this.end();
    const { title, detail } = error instanceof ProblemError ? error : { title: wordsOf(error), detail: "" };
    fill(this.dialog, "line-refused", detail);
    this.face("refused", title);
    this.open();
    part("#line-title", this.dialog).focus();
    this.dispatchEvent(new CustomEvent<unknown>("refused", { detail: error }));
  }

  private end(): void {
    clearTimeout(this.timer);
    this.waiting = undefined;
    stopWaiting();
    this.offerToShow();
  }

  /** If this does not arrive, the turn comes and the goods go back when their time is over. */
  private async leave(): Promise<void> {
    this.end();
    this.dialog.close();
    await till.leaveLine().catch(() => undefined);
  }
}
