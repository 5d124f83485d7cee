/** What came of a payment, in words: never "declined" of money that was taken. */
import type { Checkout, OrderRef } from "./till";
import { say, won } from "./words";

/**
 * `declined`: no money moved, the goods are still kept. `over`: it ran out, no money is here. `late`: it was given
 * up or ran out, and the money that came goes back. `partly` and `gone`: paid, but some or all of the goods were gone.
 */
export type Outcome = "paid" | "partly" | "gone" | "declined" | "over" | "late";

type Settled = Pick<Checkout, "status" | "orders" | "refund_due">;

export function outcomeOf({ status, orders, refund_due: due }: Settled): Outcome {
  if (status === "over") return due > 0 ? "late" : "over";
  if (status !== "paid") return "declined";
  const gone = orders.filter(isGone).length;
  if (gone === 0) return "paid";
  return gone < orders.length ? "partly" : "gone";
}

export function isGone({ status }: Pick<OrderRef, "status">): boolean {
  return status === "cancelled";
}

/** What happened and how much comes back; empty when everything went as it should. */
export function refundWords(checkout: Settled & Pick<Checkout, "shops">): string {
  const amount = won(checkout.refund_due);
  const gone = checkout.orders.filter(isGone);
  const shops = checkout.shops.filter(({ id }) => gone.some(({ shop }) => shop === id)).map(({ name }) => name);
  const outcome = outcomeOf(checkout);
  if (outcome === "partly" || outcome === "gone")
    return say(checkout.refund_due > 0 ? "viewer-goods-gone" : "viewer-goods-gone-refunded", { shops: shops.join(", "), amount });
  if (outcome === "late") return say("viewer-paid-late", { amount });
  return checkout.refund_due > 0 ? say("viewer-refund-due", { amount }) : "";
}

/** The heading of the last step. */
export function endTitle(outcome: Outcome): string {
  if (outcome === "paid") return say("viewer-done");
  if (outcome === "partly") return say("viewer-done-partly");
  if (outcome === "gone") return say("viewer-done-gone");
  return say("viewer-hold-over");
}

/** What stands under it. */
export function endWords(checkout: Settled & Pick<Checkout, "shops">): string {
  return outcomeOf(checkout) === "over" ? say("viewer-hold-over-detail") : refundWords(checkout);
}
