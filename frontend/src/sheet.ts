/** Sheets: native dialogs that give the focus back, close with Esc and, where nothing is lost by it, with a tap beside them. */

export interface SheetOptions {
  /** A tap beside the sheet closes it. */
  light?: boolean;
  onClose?: () => void;
}

export function openSheet(dialog: HTMLDialogElement): void {
  if (!dialog.open) dialog.showModal();
}

/** Wires a dialog once: its `[data-close]` buttons, Esc and the tap beside it. */
export function prepareSheet(dialog: HTMLDialogElement, { light = false, onClose }: SheetOptions = {}): void {
  dialog.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-close]") || (light && target === dialog && isBeside(dialog, event))) dialog.close();
  });
  dialog.addEventListener("close", () => onClose?.());
}

function isBeside(dialog: HTMLDialogElement, { clientX: x, clientY: y }: MouseEvent): boolean {
  const box = dialog.getBoundingClientRect();
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}
