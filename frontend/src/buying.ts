/** What every page with the two sheets shares: one cart, one checkout, and the buttons that lead to them. */
import lineEn from "@messages/en/line.ftl?raw";
import payEn from "@messages/en/pay.ftl?raw";
import viewerEn from "@messages/en/viewer.ftl?raw";
import lineKo from "@messages/ko/line.ftl?raw";
import payKo from "@messages/ko/pay.ftl?raw";
import viewerKo from "@messages/ko/viewer.ftl?raw";
import waitingEn from "@messages/en/waiting.ftl?raw";
import waitingKo from "@messages/ko/waiting.ftl?raw";
import { Cart } from "./cart";
import { CartSheet } from "./cart-sheet";
import { CheckoutSheet } from "./checkout";
import { LineSheet } from "./line";
import { me } from "./me";
import { fill } from "./page";
import { refusedLines } from "./till";
import { count, say, teach } from "./words";

teach({ ko: viewerKo, en: viewerEn });
teach({ ko: payKo, en: payEn });
teach({ ko: lineKo, en: lineEn });
teach({ ko: waitingKo, en: waitingEn });

export const cart = new Cart();
const line = new LineSheet();
export const checkout = new CheckoutSheet(line);
const sheet = new CartSheet(cart, (wishes) => checkout.start(wishes));

// Several lines of a cart: it shows which of them stood in the way.
line.addEventListener("refused", (event) => {
  const lines = refusedLines((event as CustomEvent<unknown>).detail);
  if (lines.length === 0) return;
  line.close();
  void sheet.open(lines);
});

export function openCart(): Promise<void> {
  return sheet.open();
}

function showUnits(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-cart]")) {
    fill(button, "cart-count", cart.units > 0 ? count(cart.units) : "");
    fill(button, "cart-words", say("viewer-cart-open", { count: cart.units }));
  }
}

cart.addEventListener("change", showUnits);
checkout.addEventListener("placed", () => void cart.load().catch(() => undefined));
me().then(
  ({ cart: units }) => cart.expect(units),
  () => undefined,
);
