/** Press and hold: nothing happens by accident, and nobody without a pointer is locked out. */

export const HOLD_MS = 1500;

export interface HoldEvents {
  /** Held long enough. */
  done: () => void;
  /** Let go too early. */
  short: () => void;
  /** Pressed by keyboard or a screen reader, which cannot hold: ask instead. */
  ask: () => void;
}

type State = "resting" | "holding" | "held";

/** The decision alone; `HoldButton` gives it a button and a clock. */
export class Hold {
  state: State = "resting";

  constructor(private readonly events: HoldEvents) {}

  press(): void {
    if (this.state === "resting") this.state = "holding";
  }

  /** The time is over. */
  expire(): void {
    if (this.state !== "holding") return;
    this.state = "held";
    this.events.done();
  }

  release(): void {
    if (this.state === "holding") this.events.short();
    this.state = "resting";
  }

  /** The pointer slid away or the system took it: no hint, no end. */
  cancel(): void {
    this.state = "resting";
  }

  /** A click; one that a pointer made (`detail` > 0) has already been judged by its press and release. */
  click(detail: number): void {
    if (detail === 0) this.events.ask();
  }
}

export function holdButton(button: HTMLButtonElement, events: HoldEvents): void {
  const hold = new Hold(events);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (how: "release" | "cancel"): void => {
    clearTimeout(timer);
    button.classList.remove("hold--pressed");
    hold[how]();
  };
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    hold.press();
    button.classList.add("hold--pressed");
    timer = setTimeout(() => {
      button.classList.remove("hold--pressed");
      hold.expire();
    }, HOLD_MS);
  });
  button.addEventListener("pointerup", () => stop("release"));
  for (const name of ["pointerleave", "pointercancel"]) button.addEventListener(name, () => stop("cancel"));
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("click", (event) => hold.click(event.detail));
}
