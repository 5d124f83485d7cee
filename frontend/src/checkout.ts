/** From a hold to a paid order, in one sheet, while the picture goes on in the corner. */
import { countDown, type TimeLeft } from "./countdown";
import { Draft } from "./draft";
import { ProblemError, request } from "./http";
import { me, type Hold, type Receive } from "./me";
import { copyOf, fill, part, whileBusy } from "./page";
import { openSheet, prepareSheet } from "./sheet";
import { wordsOf } from "./composer";
import { say, won } from "./words";

export interface Placed {
  number: string;
  status: "awaiting_payment" | "paid" | "cancelled";
  total: number;
  payment: { reference: string; pay_url: string } | null;
  url: string;
}

/** Under this many seconds the timer asks for attention. */
const SHORT = 60;

/** What to say of the time that is left of a hold. */
export function holdWords({ minutes, seconds }: TimeLeft): string {
  return minutes > 0 ? say("viewer-hold-left", { minutes, seconds }) : say("viewer-hold-left-seconds", { seconds });
}

/** The order's body for `POST /api/v1/orders`. A pick-up needs no address. */
export function orderOf(hold: Pick<Hold, "id">, typed: Record<string, string>): Record<string, unknown> {
  const parcel = typed.fulfilment === "parcel";
  return {
    hold: hold.id,
    name: typed.name?.trim() ?? "",
    phone: typed.phone?.trim() ?? "",
    fulfilment: typed.fulfilment ?? "",
    postcode: parcel ? (typed.postcode?.trim() ?? "") : "",
    address: parcel ? (typed.address?.trim() ?? "") : "",
    memo: typed.memo?.trim() ?? "",
    consent: typed.consent === "on",
  };
}

/** Which way of receiving is chosen: the typed one while it is offered, else the first. */
export function chosenWay(receive: Receive[], typed: string | undefined): Receive | undefined {
  return receive.find(({ kind }) => kind === typed) ?? receive[0];
}

export class Checkout {
  private readonly dialog = part<HTMLDialogElement>("#checkout");
  private readonly form = part<HTMLFormElement>("form", this.dialog);
  private readonly typed = new Draft("golmok-checkout");
  private readonly awaiting = new Draft("golmok-awaiting");
  private readonly goOn = part<HTMLButtonElement>("[data-go-on]");
  private hold: Hold | undefined;
  private order: Placed | undefined;
  private stopTimer = (): void => undefined;

  constructor(private readonly onToggle: (open: boolean) => void) {
    prepareSheet(this.dialog, { onClose: () => this.closed() });
    this.goOn.addEventListener("click", () => this.show());
    this.form.addEventListener("input", () => this.noteTyped());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void whileBusy(part("[data-pay]", this.form), () => this.place());
    });
    part("[data-give-back]", this.dialog).addEventListener("click", () => void this.giveBack());
    for (const button of this.dialog.querySelectorAll<HTMLButtonElement>("[data-outcome]"))
      button.addEventListener("click", () => void whileBusy(button, () => this.settle(button.dataset.outcome ?? "")));
  }

  /** Goes on where this tab was: a hold still running, or an order not paid yet. */
  async resume(): Promise<void> {
    const { number } = this.awaiting.read();
    if (number) return this.resumeOrder(number);
    const { open_hold } = await me();
    if (open_hold) this.open(open_hold);
  }

  open(hold: Hold): void {
    this.hold = hold;
    this.order = undefined;
    fill(this.dialog, "product", [hold.product.name, hold.product.option].filter(Boolean).join(" "));
    fill(this.dialog, "quantity", say("viewer-quantity", { count: hold.quantity }));
    fill(this.dialog, "facts", [hold.shop.name, hold.product.origin].filter(Boolean).join(" · "));
    fill(document, "going-on", say("viewer-going-on", { shop: hold.shop.name }));
    part("[data-consent]", this.form).hidden = !hold.needs_consent;
    this.showWays(hold.receive);
    this.restoreTyped();
    this.showStep("form");
    this.startTimer(hold.seconds_left);
    this.show();
  }

  private show(): void {
    openSheet(this.dialog);
    this.goOn.hidden = true;
    this.onToggle(true);
  }

  /** Closing is not giving back: the way on stays on the page as long as there is something to go on with. */
  private closed(): void {
    this.goOn.hidden = !this.hold && !this.order;
    this.onToggle(false);
  }

  private finish(step: "done" | "over"): void {
    this.stopTimer();
    this.hold = this.order = undefined;
    this.goOn.hidden = true;
    this.showStep(step);
  }

  private async resumeOrder(number: string): Promise<void> {
    try {
      const order = await request<Placed>("GET", `/api/v1/orders/${number}`);
      if (order.status === "awaiting_payment") {
        this.showPayment(order);
        this.show();
        return;
      }
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status === 0) return;
    }
    this.awaiting.forget();
  }

  private startTimer(seconds: number): void {
    this.stopTimer();
    const timer = part("[data-timer]", this.dialog);
    const tick = (left: TimeLeft): void => {
      timer.textContent = holdWords(left);
      timer.classList.toggle("timer--short", left.minutes === 0 && left.seconds < SHORT);
    };
    this.stopTimer = countDown(Date.now() + seconds * 1000, tick, () => {
      if (!this.order) this.finish("over");
    });
  }

  private showWays(receive: Receive[]): void {
    const chosen = chosenWay(receive, this.typed.read().fulfilment);
    const cards = receive.map((way) => {
      const card = copyOf("#way");
      const input = part<HTMLInputElement>("input", card);
      input.value = way.kind;
      input.checked = way === chosen;
      fill(card, "name", say(way.kind === "pickup" ? "viewer-pickup-long" : "viewer-parcel"));
      fill(card, "note", way.note);
      fill(card, "fee", won(way.fee));
      part("[data-slot=fee]", card).classList.toggle("choice__price--free", way.fee === 0);
      return card;
    });
    part("[data-ways]", this.form).replaceChildren(...cards);
  }

  private values(): Record<string, string> {
    const typed: Record<string, string> = {};
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string") typed[name] = value;
    return typed;
  }

  private noteTyped(): void {
    const typed = this.values();
    // Consent is given each time anew.
    delete typed.consent;
    this.typed.keep(typed);
    this.showTotal();
  }

  private restoreTyped(): void {
    const typed = this.typed.read();
    for (const field of this.form.querySelectorAll<HTMLInputElement>("input:not([type=radio], [type=checkbox])"))
      field.value = typed[field.name] ?? field.value;
    part<HTMLInputElement>("[name=consent]", this.form).checked = false;
    this.showErrors({});
    this.tell("");
    this.showTotal();
  }

  private showTotal(): void {
    const way = chosenWay(this.hold?.receive ?? [], this.values().fulfilment);
    if (!this.hold || !way) return;
    part("[data-address]", this.form).hidden = way.kind !== "parcel";
    fill(this.dialog, "sum", say("viewer-sum", { goods: won(this.hold.goods_total), fee: won(way.fee) }));
    fill(this.dialog, "total", won(way.total));
    part("[data-pay]", this.form).textContent = say("viewer-pay", { total: won(way.total) });
  }

  private async place(): Promise<void> {
    if (!this.hold) return;
    this.showErrors({});
    this.tell("");
    try {
      const { csrf } = await me();
      const options = { body: orderOf(this.hold, this.values()), headers: { "Idempotency-Key": this.hold.id }, csrf };
      const order = await request<Placed>("POST", "/api/v1/orders", options);
      this.awaiting.keep({ number: order.number });
      this.showPayment(order);
    } catch (error) {
      this.refused(error);
    }
  }

  private refused(error: unknown): void {
    // First the words: they take room, and the field in question must stay in sight.
    this.tell(wordsOf(error));
    if (error instanceof ProblemError && error.code === "form-invalid")
      this.showErrors((error.facts.errors ?? {}) as Record<string, string>);
  }

  /** One sentence under each field it is about; the first such field gets the focus. */
  private showErrors(errors: Record<string, string>): void {
    let first: HTMLElement | undefined;
    for (const says of this.form.querySelectorAll<HTMLElement>("[data-error]")) {
      const name = says.dataset.error ?? "";
      const words = errors[name] ?? "";
      const field = this.form.querySelector<HTMLElement>(`[name="${name}"]`);
      says.textContent = words;
      says.hidden = words === "";
      if (words) field?.setAttribute("aria-invalid", "true");
      else field?.removeAttribute("aria-invalid");
      if (words) first ??= field ?? undefined;
    }
    first?.focus();
  }

  private showPayment(order: Placed): void {
    this.order = order;
    fill(this.dialog, "pay-total", won(order.total));
    fill(this.dialog, "pay-trouble", "");
    this.showStep("payment");
  }

  private async settle(outcome: string): Promise<void> {
    const { order } = this;
    if (!order?.payment) return;
    fill(this.dialog, "pay-trouble", "");
    try {
      const { csrf } = await me();
      const body = { outcome, reference: order.payment.reference };
      const now = await request<Placed>("POST", order.payment.pay_url, { body, csrf });
      if (now.status === "paid") this.showDone(now);
      else {
        this.order = { ...order, payment: now.payment ?? order.payment };
        fill(this.dialog, "pay-trouble", say("viewer-pay-declined"));
      }
    } catch (error) {
      fill(this.dialog, "pay-trouble", wordsOf(error));
    }
  }

  private showDone(order: Placed): void {
    this.awaiting.forget();
    this.typed.forget();
    fill(this.dialog, "number", order.number);
    const { orders } = this.dialog.dataset;
    part<HTMLAnchorElement>("[data-order-link]", this.dialog).href = `${orders ?? ""}${order.number}/`;
    this.finish("done");
  }

  /** Shows one step; the words for where we are take the focus, so that screen readers hear it. */
  private showStep(step: "form" | "payment" | "done" | "over"): void {
    for (const panel of this.dialog.querySelectorAll<HTMLElement>("[data-step]"))
      panel.hidden = panel.dataset.step !== step;
    part("[data-timer]", this.dialog).hidden = step === "done" || step === "over";
    if (this.dialog.open) part(`[data-step="${step}"] [data-step-title]`, this.dialog).focus();
  }

  /** An explicit "not now": the goods go back at once for the next buyer. */
  private async giveBack(): Promise<void> {
    const { hold, order } = this;
    this.stopTimer();
    this.hold = this.order = undefined;
    this.dialog.close();
    this.awaiting.forget();
    try {
      const { csrf } = await me();
      if (order) await request("DELETE", `/api/v1/orders/${order.number}`, { csrf });
      else if (hold) await request("DELETE", `/api/v1/holds/${hold.id}`, { csrf });
    } catch {
      // It runs out by itself.
    }
  }

  private tell(words: string): void {
    fill(this.dialog, "trouble", words);
  }
}
