/** The part of a product's sheet for what is sold out: take a place in the waiting list, see it, leave it. */
import { wordsOf } from "./composer";
import type { Variant } from "./goods";
import { ProblemError } from "./http";
import { fill, part, toast, whileBusy } from "./page";
import type { Typed } from "./receiving";
import type { Wish } from "./till";
import type { WaitingList } from "./waiting-list";
import { say } from "./words";

export class WaitingPart {
  private readonly part: HTMLElement;
  private readonly howMany: HTMLElement;
  private readonly join: HTMLButtonElement;
  private readonly leave: HTMLButtonElement;
  private variant: Variant | undefined;
  private quantity = 1;

  constructor(
    sheet: HTMLElement,
    private readonly list: WaitingList,
    private readonly show: string,
    private readonly buy: (wish: Wish) => Promise<void>,
  ) {
    this.part = part("[data-waiting]", sheet);
    this.howMany = part("[data-how-many]", sheet);
    this.join = part<HTMLButtonElement>("[data-wait]", this.part);
    this.leave = part<HTMLButtonElement>("[data-wait-no-more]", this.part);
    this.join.addEventListener("click", () => void whileBusy(this.join, () => this.take()));
    this.leave.addEventListener("click", () => void whileBusy(this.leave, () => this.go()));
    list.addEventListener("change", () => this.refresh());
  }

  /** `variant` is chosen, and nobody can buy it now; undefined hides the part. */
  about(variant: Variant | undefined, quantity: number): void {
    if (variant?.id !== this.variant?.id) this.tell({});
    this.variant = variant;
    this.quantity = quantity;
    this.refresh();
  }

  private refresh(): void {
    const { variant } = this;
    const place = variant && this.list.placeOf(variant.id);
    this.part.hidden = !variant;
    // The way back must not be lost under a keyboard that stood on the button which goes.
    const hadFocus = this.part.contains(document.activeElement);
    part("[data-not-waiting]", this.part).hidden = this.join.hidden = place !== undefined;
    part("[data-standing]", this.part).hidden = this.leave.hidden = place === undefined;
    this.howMany.hidden = place !== undefined;
    fill(this.part, "place", place ? say("waiting-place", { place: place.place }) : "");
    fill(this.part, "place-detail", place ? say("waiting-place-detail", { count: place.quantity }) : "");
    if (hadFocus && !this.part.hidden) (place ? this.leave : this.join).focus();
  }

  private async take(): Promise<void> {
    const { variant } = this;
    if (!variant) return;
    const email = this.part.querySelector<HTMLInputElement>("[name=email]")?.value.trim() ?? "";
    const wish = { variant: variant.id, show: this.show, quantity: this.quantity };
    await this.trying(() => this.list.join(wish, email).catch((error: unknown) => this.buyInstead(wish, error)));
  }

  /** Some came back before this page heard of it: nobody waits for those. */
  private async buyInstead(wish: Wish, error: unknown): Promise<void> {
    if (!(error instanceof ProblemError) || error.code !== "still-left") throw error;
    await this.buy(wish);
  }

  private async go(): Promise<void> {
    const { variant } = this;
    if (!variant) return;
    await this.trying(async () => {
      await this.list.leave(variant.id);
      toast(say("waiting-left"));
    });
  }

  private async trying(work: () => Promise<void>): Promise<void> {
    this.tell({});
    try {
      await work();
    } catch (error) {
      const { email } = (error instanceof ProblemError && (error.facts.errors as Typed | undefined)) || {};
      this.tell({ trouble: email ?? wordsOf(error) });
    }
  }

  private tell({ trouble = "" }: { trouble?: string }): void {
    fill(this.part, "waiting-trouble", trouble);
  }
}
