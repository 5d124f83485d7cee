/** Paying through the window of a gateway outside: which ways there are, and opening it. No card number passes here. */
import { fill, part, whileBusy } from "./page";
import { openPortOne, type PortOneWindow } from "./portone";
import { till, type Checkout, type Payment } from "./till";
import { language, say, won } from "./words";

/** What Toss's adapter gives the page (golmok/domain/orders/gateways/toss.py). */
interface TossWindow {
  script: string;
  client_key: string;
  methods: string[];
  request: Record<string, unknown>;
  deposit_until: string;
}

interface TossSdk {
  payment(who: { customerKey: string }): { requestPayment(request: Record<string, unknown>): Promise<unknown> };
}

declare global {
  var TossPayments: ((clientKey: string) => TossSdk) | undefined;
}

/** Where money is to be sent. */
interface Transfer {
  bank: string;
  account: string;
  holder: string;
  depositor?: string;
  amount: number | null;
  until: string | null;
}

/** The gateways whose windows this page can open; the test has buttons of its own. */
export function hasWindow({ gateway }: Payment): boolean {
  return gateway === "toss" || gateway === "portone";
}

/** Fills `[data-ways]` with one button for each way to pay; `onTrouble` gets words when a window did not open. */
export function offerWays(box: HTMLElement, checkout: Checkout, onTrouble: (words: string) => void): void {
  const { payment } = checkout;
  box.hidden = !payment?.window || !hasWindow(payment);
  if (!payment?.window || box.hidden) return;
  const note = document.createElement("p");
  note.className = "small mute";
  note.textContent = say("pay-window");
  const ways = payment.gateway === "portone" ? [byPortOne(box, checkout, onTrouble)] : byToss(checkout, onTrouble);
  box.replaceChildren(note, ...ways);
}

function byToss({ id, payment }: Checkout, onTrouble: (words: string) => void): HTMLButtonElement[] {
  const shown = payment?.window as unknown as TossWindow;
  return shown.methods.map((method, place) =>
    wayButton(`pay-way-${method.toLowerCase()}`, place === 0, () => open(id, shown, method, onTrouble)),
  );
}

function byPortOne(box: HTMLElement, { id, payment }: Checkout, onTrouble: (words: string) => void): HTMLButtonElement {
  const shown = payment?.window as unknown as PortOneWindow;
  return wayButton("pay-way-portone", true, async () => {
    const address = returnAddress("portone", id);
    const told = await toldByPortOne(shown, address);
    if (told && !told.code) {
      location.assign(`${address}?${new URLSearchParams(told).toString()}`);
      return;
    }
    // The name of a payment that failed is used up; the next try gets another.
    const now = await till.returned(id, "portone", {}).catch(() => undefined);
    if (now) offerWays(box, now, onTrouble);
    onTrouble(refusalWords(told ?? {}));
  });
}

/** Undefined when the window could not be opened. */
async function toldByPortOne(shown: PortOneWindow, address: string): Promise<Record<string, string> | undefined> {
  try {
    await load(shown.script, () => globalThis.PortOne !== undefined);
    return await openPortOne(shown, address);
  } catch {
    return undefined;
  }
}

function wayButton(key: string, isFirst: boolean, pay: () => Promise<void>): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `button button--large button--wide${isFirst ? " button--primary" : ""}`;
  button.textContent = say(key);
  button.addEventListener("click", () => void whileBusy(button, pay));
  return button;
}

/** Shows where to send the money, when it is awaited at an account. */
export function showTransfer(within: ParentNode, checkout: Checkout): boolean {
  const transfer = transferOf(checkout);
  const card = part("[data-transfer]", within);
  card.hidden = !transfer;
  if (!transfer) return false;
  for (const name of ["bank", "account", "holder"] as const) fill(card, `transfer-${name}`, transfer[name]);
  fill(card, "transfer-depositor", transfer.depositor ?? "");
  part("[data-depositor]", card).hidden = !transfer.depositor;
  fill(card, "transfer-amount", won(transfer.amount ?? checkout.total));
  fill(card, "transfer-until", moment(transfer.until ?? checkout.expires_at));
  return true;
}

/** The address that the window comes back to. */
export function returnAddress(gateway: string, checkout: string): string {
  return `${location.origin}${language() === "en" ? "/en" : ""}/pay/${gateway}/${checkout}/`;
}

function transferOf({ payment }: Checkout): Transfer | undefined {
  if (!payment) return undefined;
  const known = payment.gateway === "bank_transfer" ? (payment.window as Partial<Transfer> | null) : null;
  const told = payment.deposit;
  if (!known && !told) return undefined;
  return { bank: "", account: "", holder: "", amount: null, until: null, ...known, ...told };
}

async function open(id: string, shown: TossWindow, method: string, onTrouble: (words: string) => void): Promise<void> {
  const address = returnAddress("toss", id);
  try {
    await load(shown.script, () => globalThis.TossPayments !== undefined);
    const sdk = globalThis.TossPayments?.(shown.client_key);
    if (!sdk) throw new Error("the script brought no TossPayments");
    await sdk.payment({ customerKey: "ANONYMOUS" }).requestPayment({
      method,
      ...shown.request,
      successUrl: address,
      failUrl: address,
      ...(method === "VIRTUAL_ACCOUNT" ? { virtualAccount: { dueDate: shown.deposit_until } } : {}),
    });
  } catch (error) {
    onTrouble(refusalWords((error ?? {})));
  }
}

/** What a window said when no payment came of it. */
export function refusalWords({ code, message }: { code?: string; message?: string }): string {
  if (code === "USER_CANCEL" || code === "PAY_PROCESS_CANCELED") return say("pay-closed");
  if (!code) return say("pay-window-failed");
  return message ? say("pay-failed-why", { reason: message }) : say("pay-failed");
}

function load(script: string, isThere: () => boolean): Promise<void> {
  if (isThere()) return Promise.resolve();
  return new Promise((done, failed) => {
    const tag = document.createElement("script");
    tag.src = script;
    tag.addEventListener("load", () => done());
    tag.addEventListener("error", () => {
      tag.remove();
      failed(new Error(`${script} did not load`));
    });
    document.head.append(tag);
  });
}

function moment(at: string): string {
  const shown = new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short", timeZone: "Asia/Seoul" });
  return shown.format(new Date(at));
}
