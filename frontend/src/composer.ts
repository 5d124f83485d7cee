/** Saying something in a show: who speaks is asked once, what was typed stays until it was said. */
import { ProblemError, request } from "./http";
import { askAgain, introduce, me } from "./me";
import { part, whileBusy } from "./page";
import { openSheet, prepareSheet } from "./sheet";

export class Composer {
  private readonly form = part<HTMLFormElement>("[data-composer]");
  private readonly text = part<HTMLInputElement>("[name=text]", this.form);
  private readonly trouble = part("[data-composer-trouble]");
  private readonly naming = part<HTMLDialogElement>("#nickname");

  constructor(private readonly show: string) {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void whileBusy(part("[type=submit]", this.form), () => this.submit());
    });
    this.text.addEventListener("input", () => this.tell(""));
    prepareSheet(this.naming);
    this.form.classList.remove("composer--waiting");
    part<HTMLFormElement>("form", this.naming).addEventListener("submit", (event) => {
      event.preventDefault();
      void whileBusy(part("[type=submit]", this.naming), () => this.name());
    });
  }

  /** Nothing more can be said; somebody in the middle of it is taken to `next`. */
  close(next: HTMLElement): void {
    const hadFocus = this.form.contains(document.activeElement);
    this.naming.close();
    if (hadFocus) next.focus();
  }

  private async submit(): Promise<void> {
    const text = this.text.value.trim();
    if (!text) {
      this.text.focus();
      return;
    }
    try {
      const { room_pass } = await me();
      if (room_pass) await this.send(text, room_pass);
      else openSheet(this.naming);
    } catch (error) {
      this.tell(wordsOf(error));
    }
  }

  private async send(text: string, pass: string): Promise<void> {
    try {
      await post(this.show, "chat", { text }, pass);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 401) throw error;
      const { room_pass } = await askAgain();
      if (!room_pass) throw error;
      await post(this.show, "chat", { text }, room_pass);
    }
    this.text.value = "";
    this.tell("");
  }

  private async name(): Promise<void> {
    const field = part<HTMLInputElement>("[name=nickname]", this.naming);
    const says = part("#nickname-says", this.naming);
    try {
      await introduce(field.value.trim(), this.show);
    } catch (error) {
      field.setAttribute("aria-invalid", "true");
      says.textContent = wordsOf(error);
      says.className = "field__error";
      field.focus();
      return;
    }
    this.naming.close();
    this.text.focus();
    await this.submit();
  }

  private tell(words: string): void {
    this.trouble.textContent = words;
    this.trouble.hidden = words === "";
  }
}

/** How many hearts one message may carry. */
const HANDFUL = 20;

/** Hearts are gathered for a second and sent together; one that fails is not worth a word. */
export class Hearts {
  private waiting = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly show: string,
    private readonly button: HTMLButtonElement,
  ) {
    button.addEventListener("click", () => {
      this.waiting = Math.min(HANDFUL, this.waiting + 1);
      this.button.classList.add("hearts--given");
      this.timer ??= setTimeout(() => void this.send(), 1000);
    });
    button.addEventListener("animationend", () => this.button.classList.remove("hearts--given"));
  }

  private async send(): Promise<void> {
    const count = this.waiting;
    this.waiting = 0;
    this.timer = undefined;
    try {
      const { room_pass } = await me();
      await post(this.show, "hearts", { count }, room_pass ?? "");
    } catch {
      // The counter of the room tells the truth either way.
    }
  }
}

function post(show: string, what: "chat" | "hearts", body: unknown, pass: string): Promise<unknown> {
  const headers: Record<string, string> = pass ? { Authorization: `Bearer ${pass}` } : {};
  return request("POST", `/live/${show}/${what}`, { body, headers });
}

export function wordsOf(error: unknown): string {
  if (error instanceof ProblemError) return error.message;
  throw error;
}
