/** The page of one order: paying it (in the test), cancelling it while it is unpaid. */
import viewerEn from "@messages/en/viewer.ftl?raw";
import viewerKo from "@messages/ko/viewer.ftl?raw";
import type { Placed } from "./checkout";
import { wordsOf } from "./composer";
import { request } from "./http";
import { me } from "./me";
import { fill, part, whileBusy } from "./page";
import { say, teach } from "./words";

teach({ ko: viewerKo, en: viewerEn });

const unpaid = document.querySelector<HTMLElement>("[data-unpaid]");

async function settle(panel: HTMLElement, outcome: string): Promise<void> {
  const address = `/api/v1/orders/${panel.dataset.unpaid ?? ""}`;
  fill(panel, "trouble", "");
  try {
    const { csrf } = await me();
    if (outcome === "cancel") await request("DELETE", address, { csrf });
    else {
      const { payment } = await request<Placed>("GET", address);
      const body = { outcome, reference: payment?.reference };
      const order = await request<Placed>("POST", payment?.pay_url ?? "", { body, csrf });
      if (order.status !== "paid") {
        fill(panel, "trouble", say("viewer-pay-declined"));
        return;
      }
    }
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
