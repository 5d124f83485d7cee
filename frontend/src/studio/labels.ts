/** How a product, its stock and its buttons are said. */
import { isOut, type Product, type Variant } from "../goods";
import { say } from "../words";

/** The visible word, and for those who hear the page, of which product. */
export function name(button: HTMLElement, key: string, product: string): void {
  button.textContent = say(key);
  button.setAttribute("aria-label", say(`${key}-this`, { product }));
}

export function wholeName(product: Product, variant: Variant): string {
  return `${product.name} ${variant.name}`.trim();
}

export function stockWords({ closed, left }: Variant): string {
  if (closed) return say("studio-closed");
  return left < 1 ? say("studio-none-left") : say("studio-left", { count: left });
}

export function stockLook(variant: Variant): string {
  if (isOut(variant)) return "stock stock--out";
  return variant.left < 20 ? "stock stock--few" : "stock";
}
