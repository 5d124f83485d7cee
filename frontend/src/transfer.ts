/** Paying by bank transfer: what the checkout's form asks for it (golmok/domain/orders/transfer.py). */
import { part } from "./page";
import type { Typed } from "./receiving";

/** Shows only what the choices made so far ask for, and suggests the buyer's own name. */
export class TransferForm {
  private readonly box: HTMLElement | null;
  private suggested = "";

  constructor(private readonly form: HTMLFormElement) {
    this.box = form.querySelector("[data-by-transfer]");
    form.addEventListener("input", () => this.follow());
  }

  /** After the fields were filled in from before. */
  restore(typed: Typed): void {
    for (const choice of this.form.querySelectorAll<HTMLInputElement>("[name=receipt]"))
      choice.checked = choice.value === typed.receipt;
    this.follow();
  }

  follow(): void {
    if (!this.box) return;
    this.box.hidden = !this.isChosen();
    this.suggestName();
    const receipt = this.chosen("receipt");
    part("[data-receipt-id]", this.box).hidden = receipt !== "personal" && receipt !== "business";
    for (const words of this.box.querySelectorAll<HTMLElement>("[data-receipt-for]"))
      words.hidden = words.dataset.receiptFor !== receipt;
  }

  private isChosen(): boolean {
    return !this.form.querySelector("[name=gateway]") || this.chosen("gateway") === "bank_transfer";
  }

  /** Most people send it themselves; whoever typed another name keeps it. */
  private suggestName(): void {
    const depositor = part<HTMLInputElement>("[name=depositor]", this.form);
    if (depositor.value !== this.suggested) return;
    this.suggested = part<HTMLInputElement>("[name=name]", this.form).value.trim();
    depositor.value = this.suggested;
  }

  private chosen(name: string): string | undefined {
    return this.form.querySelector<HTMLInputElement>(`[name=${name}]:checked`)?.value;
  }
}
