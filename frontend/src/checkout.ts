/** From goods kept to orders paid, of however many shops, in one sheet; the picture goes on in the corner. */
import { AddressSearch } from "./address-search";
import { wordsOf } from "./composer";
import { countDown, type TimeLeft } from "./countdown";
import { Draft } from "./draft";
import { ProblemError } from "./http";
import { me } from "./me";
import type { LineSheet, Turn } from "./line";
import { endTitle, endWords, isGone, outcomeOf } from "./outcome";
import { copyOf, fill, part, whileBusy } from "./page";
import { nameOf, needsAddress, ordersOf, shopForm, sumsOf, type Typed } from "./receiving";
import { offerWays, showTransfer } from "./paying";
import { openSheet, prepareSheet } from "./sheet";
import { isPlace, refusedLines, till, type Checkout, type OrderRef, type Wish } from "./till";
import { TransferForm } from "./transfer";
import { say, won } from "./words";

type Step = "form" | "payment" | "end";

/** Under this many seconds the timer asks for attention. */
const SHORT = 60;
/** Under this many seconds at the beginning it is said that they are few. */
const SOON = 300;

/** Refusals that mean: the checkout is further than this page thinks. */
const MOVED_ON = ["hold-gone", "key-reused", "in-flight"];

/** What to say of the time that is left of a hold. */
export function holdWords({ minutes, seconds }: TimeLeft): string {
  return minutes > 0 ? say("viewer-hold-left", { minutes, seconds }) : say("viewer-hold-left-seconds", { seconds });
}

/** The same for a checkout: where all goes to who pays first, the time is for the form and the price alone. */
function timeWords({ lines }: Checkout, left: TimeLeft): string {
  if (!lines.every((line) => line.first_paid)) return holdWords(left);
  const { minutes, seconds } = left;
  return minutes > 0 ? say("viewer-pay-within", { minutes, seconds }) : say("viewer-pay-within-seconds", { seconds });
}

function firstPaidWords({ lines }: Checkout): string {
  const names = lines.filter((line) => line.first_paid).map(nameOf);
  return names.length > 0 ? say("viewer-first-paid-names", { names: names.join(", ") }) : "";
}

/** The names of goods that were kept before and are not any more, since `now` is kept in their place. */
export function putBack(before: Checkout | undefined, now: Pick<Checkout, "id" | "lines">): string[] {
  if (before?.status !== "open" || before.id === now.id) return [];
  return before.lines.filter(({ variant }) => !now.lines.some((line) => line.variant === variant)).map(nameOf);
}

/** How to say that the time of what was kept before goes on, to who has little of it left. */
export function goesOnWords(before: Checkout | undefined, now: Pick<Checkout, "id" | "expires_at" | "seconds_left">): string {
  if (before?.status !== "open" || before.id === now.id || now.seconds_left >= SOON) return "";
  const gained = Date.parse(now.expires_at) - Date.parse(before.expires_at);
  return gained < SHORT * 1000 ? say("viewer-hold-goes-on", { minutes: Math.ceil(now.seconds_left / 60) }) : "";
}

/** What to ask for to get the same once more: each line where it was chosen, whatever page this is. */
export function wishesAgain({ lines }: Pick<Checkout, "lines">): Wish[] {
  return lines.map(({ variant, quantity, show }) => ({ variant, quantity, show }));
}

/** Says "toggle" with whether it is open, and "placed" when its goods became orders. */
export class CheckoutSheet extends EventTarget {
  private readonly dialog = part<HTMLDialogElement>("#checkout");
  private readonly form = part<HTMLFormElement>("form", this.dialog);
  private readonly leave = part("[data-close]", this.dialog);
  private readonly timer = part("[data-timer]", this.dialog);
  private readonly more = part<HTMLButtonElement>("[data-more-time]", this.dialog);
  private readonly transfer = new TransferForm(this.form);
  private readonly typed = new Draft("golmok-checkout");
  private readonly awaiting = new Draft("golmok-awaiting");
  private checkout: Checkout | undefined;
  private wishes: Wish[] = [];
  /** The sum on the button that placed the orders. */
  private agreed: number | undefined;
  private isSettling = false;
  private stopTimer = (): void => undefined;

  constructor(private readonly line: LineSheet) {
    super();
    line.addEventListener("turn", (event) => this.begin((event as CustomEvent<Turn>).detail));
    prepareSheet(this.dialog, { onClose: () => this.closed() });
    AddressSearch.prepare(this.form);
    for (const button of document.querySelectorAll("[data-go-on]")) button.addEventListener("click", () => this.show());
    this.form.addEventListener("input", (event) => this.noteTyped((event.target as HTMLInputElement).name));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void whileBusy(part("[data-pay]", this.form), () => this.place());
    });
    this.more.addEventListener("click", () => void whileBusy(this.more, () => this.moreTime()));
    for (const button of this.dialog.querySelectorAll("[data-give-back]"))
      button.addEventListener("click", () => void this.giveBack());
    for (const button of this.dialog.querySelectorAll<HTMLButtonElement>("[data-outcome]"))
      button.addEventListener("click", () => void whileBusy(button, () => this.settle(button.dataset.outcome ?? "")));
    const again = part<HTMLButtonElement>("[data-again]", this.dialog);
    again.addEventListener("click", () => void whileBusy(again, () => this.takeAgain()));
  }

  /** Keeps what is wished for and shows it, after a while in the line; throws what stands in the way. */
  async start(wishes: Wish[]): Promise<void> {
    const answer = await till.start(wishes);
    if (isPlace(answer)) {
      this.dialog.close();
      this.line.stand(answer, wishes);
    } else this.begin({ wishes, checkout: answer });
  }

  private begin({ wishes, checkout: now }: Turn): void {
    const before = this.checkout;
    this.wishes = wishes;
    this.agreed = undefined;
    this.open(now);
    const names = putBack(before, now).join(", ");
    const words = [names && say("viewer-put-back", { names }), goesOnWords(before, now)].filter(Boolean);
    if (words.length > 0) this.say(words.join(" "));
  }

  /** Finds what this tab or this buyer was in the middle of, and says whether there is something to show. */
  async find(): Promise<boolean> {
    // Who waits sees the line, and what comes of it.
    if (await this.line.find()) return false;
    const found = (await this.findAwaiting()) ?? (await me()).open_checkout;
    if (!found) return false;
    this.wishes = wishesAgain(found);
    this.follow(found);
    this.offerToGoOn();
    return true;
  }

  /** Somebody's turn in a waiting list came: it is kept for them. `atOnce` is not for who is at something else. */
  serve(checkout: Checkout, words: string, atOnce: boolean): void {
    this.wishes = wishesAgain(checkout);
    this.agreed = undefined;
    this.follow(checkout);
    if (atOnce) this.show();
    this.offerToGoOn();
    this.say(words);
  }

  show(): void {
    openSheet(this.dialog);
    this.offerToGoOn();
    this.dispatchEvent(new CustomEvent("toggle", { detail: true }));
  }

  private open(checkout: Checkout): void {
    this.follow(checkout);
    this.show();
  }

  private async findAwaiting(): Promise<Checkout | undefined> {
    const { checkout: id } = this.awaiting.read();
    if (!id) return undefined;
    try {
      const found = await till.look(id);
      if (found.status === "placed") return found;
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status === 0) return undefined;
    }
    this.awaiting.forget();
    return undefined;
  }

  /** Closing is not giving back: the way on stays on the page as long as there is something to go on with. */
  private closed(): void {
    this.offerToGoOn();
    this.dispatchEvent(new CustomEvent("toggle", { detail: false }));
  }

  private offerToGoOn(): void {
    const canGoOn = !this.dialog.open && (this.checkout?.status === "open" || this.checkout?.status === "placed");
    for (const button of document.querySelectorAll<HTMLElement>("[data-go-on]")) button.hidden = !canGoOn;
  }

  /** Shows what the checkout has come to. */
  private follow(checkout: Checkout): void {
    this.checkout = checkout;
    if (checkout.status === "open") this.showForm(checkout);
    else if (checkout.status === "placed") this.showPayment(checkout);
    else this.showEnd(checkout);
  }

  private showForm(checkout: Checkout): void {
    const typed = this.typed.read();
    const shops = checkout.shops.map((shop) =>
      shopForm(shop, checkout.lines.filter((line) => line.shop === shop.id), typed),
    );
    part("[data-shops]", this.form).replaceChildren(...shops);
    part("[data-consent]", this.form).hidden = !checkout.needs_consent;
    this.restoreTyped(typed);
    this.transfer.restore(typed);
    void this.fillKnown().then(() => this.transfer.follow());
    this.startTimer(checkout);
    this.showStep("form");
  }

  private showPayment(checkout: Checkout): void {
    this.awaiting.keep({ checkout: checkout.id });
    fill(this.dialog, "pay-total", won(checkout.total));
    const rows = inOrder(checkout).map((order) => this.sumRow(checkout, order));
    part("[data-sums]", this.dialog).replaceChildren(...rows);
    const added = this.agreed === undefined ? 0 : checkout.total - this.agreed;
    fill(this.dialog, "pay-changed", added > 0 ? say("viewer-remote-added", { amount: won(added) }) : "");
    fill(this.dialog, "pay-trouble", "");
    const isTest = checkout.payment?.gateway === "test";
    for (const one of this.dialog.querySelectorAll<HTMLElement>("[data-by-test]")) one.hidden = !isTest;
    part('[data-step="payment"] [data-step-title]', this.dialog).textContent = say(isTest ? "viewer-test-payment" : "pay-title");
    offerWays(part("[data-ways-to-pay]", this.dialog), checkout, (words) => fill(this.dialog, "pay-trouble", words));
    showTransfer(this.dialog, checkout);
    this.startTimer(checkout);
    this.showStep("payment");
  }

  private sumRow(checkout: Checkout, order: OrderRef): HTMLElement {
    const row = copyOf("#checkout-sum");
    fill(row, "shop", shopName(checkout, order));
    fill(row, "total", won(order.total));
    fill(row, "sum", say("viewer-sum", { goods: won(order.goods_total), fee: won(order.delivery_fee) }));
    return row;
  }

  private showEnd(checkout: Checkout): void {
    this.stopTimer();
    this.awaiting.forget();
    const outcome = outcomeOf(checkout);
    const isBought = outcome === "paid" || outcome === "partly";
    if (isBought) this.typed.forget();
    part("[data-tick]", this.dialog).hidden = outcome !== "paid";
    fill(this.dialog, "end-title", endTitle(outcome));
    fill(this.dialog, "end-words", endWords(checkout));
    fill(this.dialog, "end-trouble", "");
    const orders = checkout.status === "paid" ? inOrder(checkout) : [];
    part("[data-ends]", this.dialog).replaceChildren(...orders.map((order) => this.endRow(checkout, order)));
    const link = part<HTMLAnchorElement>("[data-order-link]", this.dialog);
    link.hidden = checkout.orders.length === 0 || outcome === "over";
    link.href = checkout.orders.length === 1 ? (checkout.orders[0]?.url ?? "") : (this.dialog.dataset.orders ?? "");
    part("[data-again]", this.dialog).hidden = outcome !== "over" || this.wishes.length === 0;
    this.showStep("end");
    this.offerToGoOn();
  }

  private endRow(checkout: Checkout, order: OrderRef): HTMLElement {
    const row = copyOf("#checkout-end");
    fill(row, "shop", shopName(checkout, order));
    fill(row, "number", order.number);
    part(".chip--leaf", row).hidden = isGone(order);
    part(".chip--brick", row).hidden = !isGone(order);
    return row;
  }

  /** Shows one step; the words for where we are take the focus, so that screen readers hear it. */
  private showStep(step: Step): void {
    for (const panel of this.dialog.querySelectorAll<HTMLElement>("[data-step]"))
      panel.hidden = panel.dataset.step !== step;
    // A transfer has hours; until when stands beside the account.
    part("[data-time]", this.dialog).hidden = step === "end" || this.checkout?.payment?.gateway === "bank_transfer";
    // Nothing is kept any more once it is over.
    const { later = "", done = "" } = this.leave.dataset;
    this.leave.ariaLabel = step === "end" ? done : later;
    if (this.dialog.open) part(`[data-step="${step}"] [data-step-title]`, this.dialog).focus();
  }

  private startTimer(checkout: Checkout): void {
    const { seconds_left: left, can_extend: canExtend } = checkout;
    this.stopTimer();
    fill(this.dialog, "first-paid", firstPaidWords(checkout));
    this.say("");
    this.more.hidden = !canExtend;
    const tick = (now: TimeLeft): void => {
      this.timer.textContent = timeWords(checkout, now);
      this.timer.classList.toggle("timer--short", now.minutes === 0 && now.seconds < SHORT);
      if (canExtend && left > SHORT && now.minutes === 1 && now.seconds === 0) this.say(say("viewer-hold-short"));
    };
    this.stopTimer = countDown(Date.now() + left * 1000, tick, () => this.ranOut());
  }

  /** A payment under way is waited for: its answer says what became of it. */
  private ranOut(): void {
    if (this.checkout && !this.isSettling) this.showEnd({ ...this.checkout, status: "over" });
  }

  private async moreTime(): Promise<void> {
    if (!this.checkout) return;
    try {
      const longer = await till.moreTime(this.checkout.id);
      this.checkout = { ...this.checkout, can_extend: longer.can_extend };
      const hadFocus = document.activeElement === this.more;
      this.startTimer(longer);
      if (hadFocus) part("[data-step]:not([hidden]) [data-step-title]", this.dialog).focus();
      this.say(say("viewer-more-time-given"));
    } catch (error) {
      this.say(wordsOf(error));
    }
  }

  private values(): Typed {
    const typed: Typed = {};
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string") typed[name] = value;
    return typed;
  }

  private noteTyped(name: string): void {
    this.showError(part(`[data-error="${name}"]`, this.form), "");
    if (!this.form.querySelector("[aria-invalid]")) fill(this.dialog, "trouble", "");
    const typed = this.values();
    // Consent is given each time anew.
    delete typed.consent;
    this.typed.keep({ ...this.typed.read(), ...typed });
    this.showTotal();
  }

  private restoreTyped(typed: Typed): void {
    for (const field of this.form.querySelectorAll<HTMLInputElement>("input:not([type=radio], [type=checkbox])"))
      field.value = typed[field.name] ?? field.value;
    part<HTMLInputElement>("[name=consent]", this.form).checked = false;
    this.showErrors({});
    fill(this.dialog, "trouble", "");
    this.showTotal();
  }

  /** An account knows who receives its orders; what was typed goes before. */
  private async fillKnown(): Promise<void> {
    const { recipient } = await me();
    for (const name of ["name", "phone", "email"] as const) {
      // Without a mail server there is no field for an e-mail address.
      const field = this.form.querySelector<HTMLInputElement>(`[name=${name}]`);
      if (recipient && field?.value === "") field.value = recipient[name];
    }
  }

  private showTotal(): void {
    if (this.checkout?.status !== "open") return;
    const typed = this.values();
    const { goods, fee, total, remote } = sumsOf(this.checkout, typed);
    part("[data-address]", this.form).hidden = !needsAddress(this.checkout, typed);
    fill(this.dialog, "sum", say("viewer-sum", { goods: won(goods), fee: won(fee) }));
    fill(this.dialog, "remote-sum", remote > 0 ? say("viewer-remote-fee", { amount: won(remote) }) : "");
    fill(this.dialog, "total", won(total));
    part("[data-pay]", this.form).textContent = say("viewer-pay", { total: won(total) });
  }

  private async place(): Promise<void> {
    const { checkout } = this;
    if (!checkout) return;
    this.showErrors({});
    fill(this.dialog, "trouble", "");
    const typed = this.values();
    this.agreed = sumsOf(checkout, typed).total;
    try {
      this.follow(await till.place(checkout, ordersOf(checkout, typed)));
      this.dispatchEvent(new Event("placed"));
    } catch (error) {
      await this.refused(checkout, error);
    }
  }

  private async refused(checkout: Checkout, error: unknown): Promise<void> {
    if (error instanceof ProblemError && MOVED_ON.includes(error.code)) {
      const now = await till.look(checkout.id).catch(() => checkout);
      // Ran out, and nobody has cleared it away yet.
      const isOver = now.status === "open" && error.code === "hold-gone";
      if (isOver || now.status !== "open") {
        this.follow(isOver ? { ...now, status: "over" } : now);
        return;
      }
    }
    // First the words: they take room, and the field in question must stay in sight.
    fill(this.dialog, "trouble", wordsOf(error));
    if (error instanceof ProblemError && error.code === "form-invalid")
      this.showErrors((error.facts.errors ?? {}) as Typed);
  }

  /** One sentence under each field it is about; the first such field gets the focus. */
  private showErrors(errors: Typed): void {
    let first: HTMLElement | undefined;
    for (const says of this.form.querySelectorAll<HTMLElement>("[data-error]")) {
      const words = errors[says.dataset.error ?? ""] ?? "";
      const field = this.showError(says, words);
      if (words) first ??= field;
    }
    first?.focus();
  }

  private showError(says: HTMLElement, words: string): HTMLElement | undefined {
    const field = this.form.querySelector<HTMLElement>(`[name="${says.dataset.error ?? ""}"]`) ?? undefined;
    says.textContent = words;
    says.hidden = words === "";
    if (words) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
    if (words) field?.closest("details")?.setAttribute("open", "");
    return field;
  }

  private async settle(outcome: string): Promise<void> {
    const { checkout } = this;
    if (!checkout?.payment) return;
    fill(this.dialog, "pay-trouble", "");
    this.isSettling = true;
    try {
      const now = await till.pay(checkout.payment, outcome).finally(() => (this.isSettling = false));
      this.checkout = now;
      if (outcomeOf(now) !== "declined") this.follow(now);
      else if (now.seconds_left === 0) this.ranOut();
      else fill(this.dialog, "pay-trouble", say("viewer-pay-declined"));
    } catch (error) {
      const gone = refusedLines(error).map(({ variant }) => checkout.lines.find((line) => line.variant === variant));
      const names = gone.filter((line) => line !== undefined).map(nameOf);
      const words = names.length > 0 ? say("viewer-pay-gone", { names: names.join(", ") }) : wordsOf(error);
      fill(this.dialog, "pay-trouble", words);
    }
  }

  /** The time was over: the same goods once more, if they are left. */
  private async takeAgain(): Promise<void> {
    try {
      await this.start(this.wishes);
    } catch (error) {
      fill(this.dialog, "end-trouble", wordsOf(error));
    }
  }

  /** An explicit "not now": the goods go back at once for the next buyer. */
  private async giveBack(): Promise<void> {
    const { checkout } = this;
    this.stopTimer();
    this.checkout = undefined;
    this.dialog.close();
    this.awaiting.forget();
    // If this does not arrive it runs out by itself.
    if (checkout) await till.giveUp(checkout.id).catch(() => undefined);
  }

  /** Words that screen readers say when they have time. */
  private say(words: string): void {
    part("[data-said]", this.dialog).textContent = words;
  }
}

/** The orders as their shops stood in the form. */
function inOrder({ shops, orders }: Checkout): OrderRef[] {
  const place = ({ shop }: OrderRef): number => shops.findIndex(({ id }) => id === shop);
  return orders.toSorted((a, b) => place(a) - place(b));
}

function shopName({ shops }: Checkout, { shop }: OrderRef): string {
  return shops.find(({ id }) => id === shop)?.name ?? "";
}
