/** Ending a show: asked or held for, then the rest of the picture is sent, then it is over. */
import { fill, part } from "../page";
import { openSheet, prepareSheet } from "../sheet";
import { say } from "../words";
import type { Transmission } from "./transmission";

/** Below it the sheet would only flash. */
const WORTH_SHOWING_MS = 700;

export function askToEnd(end: () => void): () => void {
  const dialog = part<HTMLDialogElement>("#end-ask");
  prepareSheet(dialog);
  part("[data-end-yes]", dialog).addEventListener("click", () => {
    dialog.close();
    end();
  });
  return () => openSheet(dialog);
}

/** Resolves when the last of the picture was sent, or when the merchant would not wait for it. */
export async function sendTheRest(transmission: Transmission): Promise<void> {
  if (!transmission.isSending) return;
  const dialog = part<HTMLDialogElement>("#ending");
  const showing = setTimeout(() => openSheet(dialog), WORTH_SHOWING_MS);
  const telling = setInterval(() => {
    fill(dialog, "ending", say("studio-ending-detail", { seconds: transmission.connection.seconds }));
  }, 250);
  const impatient = new Promise<void>((go) =>
    part("[data-end-now]", dialog).addEventListener("click", () => go(), { once: true }),
  );
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  await Promise.race([transmission.stop(), impatient]);
  clearTimeout(showing);
  clearInterval(telling);
  transmission.abandon();
  dialog.close();
}
