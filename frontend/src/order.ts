/** The page of one order: paying it with the orders beside it (in the test), cancelling before and after that. */
import viewerEn from "@messages/en/viewer.ftl?raw";
import viewerKo from "@messages/ko/viewer.ftl?raw";
import { wordsOf } from "./composer";
import { request } from "./http";
import { me } from "./me";
import { outcomeOf } from "./outcome";
import { fill, part, whileBusy } from "./page";
import { till } from "./till";
import { say, teach } from "./words";

teach({ ko: viewerKo, en: viewerEn });

const unpaid = document.querySelector<HTMLElement>("[data-unpaid]");

async function settle(panel: HTMLElement, outcome: string): Promise<void> {
  fill(panel, "trouble", "");
  try {
    if (outcome === "cancel") await cancel(panel.dataset.unpaid ?? "");
    else if (await isDeclined(panel.dataset.checkout ?? "", outcome)) {
      fill(panel, "trouble", say("viewer-pay-declined"));
      return;
    }
    location.reload();
  } catch (error) {
    fill(panel, "trouble", wordsOf(error));
  }
}

async function cancel(number: string): Promise<void> {
  const { csrf } = await me();
  await request("DELETE", `/api/v1/orders/${number}`, { csrf });
}

/** Anything else than a refused payment is told by the page itself, loaded anew. */
async function isDeclined(checkout: string, outcome: string): Promise<boolean> {
  const { payment } = await till.look(checkout);
  return payment !== null && outcomeOf(await till.pay(payment, outcome)) === "declined";
}

const paid = document.querySelector<HTMLElement>("[data-cancel]");
if (paid) {
  paid.hidden = false;
  const button = part<HTMLButtonElement>("[data-do-cancel]", paid);
  button.addEventListener("click", () => void whileBusy(button, () => cancelPaid(paid)));
}

async function cancelPaid(panel: HTMLElement): Promise<void> {
  fill(panel, "trouble", "");
  try {
    await cancel(panel.dataset.cancel ?? "");
    location.reload();
  } catch (error) {
    fill(panel, "trouble", wordsOf(error));
  }
}

if (unpaid) {
  part("[data-needs-script]", unpaid).hidden = false;
  for (const button of unpaid.querySelectorAll<HTMLButtonElement>("[data-outcome]"))
    button.addEventListener("click", () => void whileBusy(button, () => settle(unpaid, button.dataset.outcome ?? "")));
}
