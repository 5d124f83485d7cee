/** The merchant's own voice in the chat. */
import { ProblemError, request } from "../http";
import { askAgain, me } from "../me";
import { part, whileBusy } from "../page";
import { say } from "../words";
import { wordsOf } from "./refusal";

export class Reply {
  private readonly form = part<HTMLFormElement>("[data-reply]");
  private readonly text = part<HTMLInputElement>("[name=text]", this.form);
  private readonly says = part("[data-reply-says]");

  constructor(private readonly show: string) {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void whileBusy(part("[type=submit]", this.form), () => this.submit());
    });
    this.text.addEventListener("input", () => this.tell(""));
  }

  private async submit(): Promise<void> {
    const text = this.text.value.trim();
    if (!text) {
      this.text.focus();
      return;
    }
    try {
      await this.send(text);
      this.text.value = "";
      this.tell("");
    } catch (error) {
      this.tell(wordsOf(error));
    }
  }

  private async send(text: string): Promise<void> {
    const { room_pass } = await me();
    if (!room_pass) throw new ProblemError(0, "no-voice", say("studio-no-voice"), "", {});
    try {
      await this.post(text, room_pass);
    } catch (error) {
      // A pass is good for two hours; a show may be longer.
      if (!(error instanceof ProblemError) || error.status !== 401) throw error;
      await this.post(text, (await askAgain()).room_pass ?? "");
    }
  }

  private post(text: string, pass: string): Promise<unknown> {
    const headers = { Authorization: `Bearer ${pass}` };
    return request("POST", `/live/${this.show}/chat`, { body: { text }, headers });
  }

  private tell(words: string): void {
    this.says.textContent = words;
    this.says.hidden = words === "";
  }
}
