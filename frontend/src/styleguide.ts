/** The living page of every component (development only). */
import "@styles/styleguide.css";
import { toast } from "./page";

for (const button of document.querySelectorAll<HTMLElement>("[data-toast]"))
  button.addEventListener("click", () => toast(button.dataset.toast ?? ""));
