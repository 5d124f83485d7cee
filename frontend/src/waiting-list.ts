/** The waiting lists: what somebody waits for, the place they have in each, and when their turn comes. */
import { me } from "./me";
import { say } from "./words";
import { till, type Checkout, type Waiting, type WaitingPlace } from "./till";

/** ms between two questions, at least; a drop moves everybody's place at once. */
const APART = 5000;
/** ms spread over, so that a room of people does not ask in the same moment. */
const SPREAD = 3000;
/** ms after which to ask without having heard anything. */
const AT_LEAST = 60_000;

/** What came of waiting: what was waited for, and what is kept. */
export interface Turn {
  waited: WaitingPlace;
  checkout: Checkout;
}

/** The first place that was there before and is gone, because its goods are kept now. */
export function turnOf(before: readonly WaitingPlace[], { waiting, checkout }: Waiting): Turn | undefined {
  if (!checkout) return undefined;
  const keeps = (variant: number): boolean => checkout.lines.some((line) => line.variant === variant);
  const waits = (variant: number): boolean => waiting.some((place) => place.variant === variant);
  const waited = before.find(({ variant }) => !waits(variant) && keeps(variant));
  return waited && { waited, checkout };
}

/** What to say to whose turn came, also when fewer came back than they waited for. */
export function turnWords({ variant, quantity }: WaitingPlace, { lines, seconds_left }: Checkout): string {
  const minutes = Math.max(1, Math.round(seconds_left / 60));
  const count = lines.find((line) => line.variant === variant)?.quantity ?? quantity;
  return count < quantity ? say("waiting-turn-fewer", { count, minutes }) : say("waiting-turn", { minutes });
}

/** Says "change" when a place is another, and "turn" with what is kept for whose turn came. */
export class WaitingList extends EventTarget {
  private places: WaitingPlace[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  constructor() {
    super();
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.askSoon();
    });
    window.addEventListener("online", () => this.askSoon());
  }

  placeOf(variant: number): WaitingPlace | undefined {
    return this.places.find((place) => place.variant === variant);
  }

  /** Finds where this visitor waited before. */
  async find(): Promise<void> {
    const { waiting } = await me();
    this.become({ waiting, checkout: null });
  }

  async join(wish: Pick<WaitingPlace, "variant" | "show" | "quantity">, email: string): Promise<void> {
    // Perhaps served at once, when some came back in the same moment.
    const before = [{ ...wish, place: 0 }];
    this.become(await till.wait(wish, email), before);
  }

  async leave(variant: number): Promise<void> {
    this.become(await till.waitNoMore(variant));
  }

  /** Something is different about these variants: perhaps it was somebody's turn. */
  heard(variants: readonly number[]): void {
    if (variants.some((variant) => this.placeOf(variant))) this.askSoon();
  }

  private askSoon(): void {
    if (this.places.length === 0) return;
    const earliest = Math.max(0, this.asked + APART - Date.now());
    this.askIn(earliest + Math.random() * SPREAD);
  }

  private askIn(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), ms);
  }

  private async ask(): Promise<void> {
    this.asked = Date.now();
    try {
      this.become(await till.waiting());
    } catch {
      // Without an answer everybody keeps their place; it is asked again.
      this.askIn(AT_LEAST);
    }
  }

  private become(now: Waiting, before: readonly WaitingPlace[] = this.places): void {
    const turn = turnOf(before, now);
    this.places = now.waiting;
    clearTimeout(this.timer);
    if (this.places.length > 0) this.askIn(AT_LEAST);
    this.dispatchEvent(new Event("change"));
    if (turn) this.dispatchEvent(new CustomEvent<Turn>("turn", { detail: turn }));
  }
}
