/** Every event of the feed, put where it belongs on the page. */
import type { Chat } from "./chat";
import type { RoomEvent, RoomState } from "./feed";
import type { Goods } from "./goods";
import { fill } from "./page";
import type { Shelf } from "./products";
import { count, say } from "./words";

export interface RoomListener {
  phase: (phase: string) => void;
  picture: (state: string) => void;
}

export class Room {
  constructor(
    private readonly goods: Goods,
    private readonly shelf: Shelf,
    private readonly chat: Chat,
    private readonly listener: RoomListener,
  ) {}

  /** A snapshot: everything as it is now. */
  become(state: RoomState): void {
    this.showViewers(state.viewers);
    this.showHearts(state.hearts);
    for (const [id, { left, closed }] of Object.entries(state.stock)) this.goods.setStock(Number(id), left, closed);
    for (const [id, price] of Object.entries(state.prices)) this.goods.setPrice(Number(id), price);
    this.shelf.pin(state.pinned);
    for (const line of state.chat) this.chat.add(line);
    this.listener.phase(state.phase);
    this.listener.picture(state.picture);
  }

  /** Something that happens now. */
  hear(event: RoomEvent): void {
    switch (event.type) {
      case "viewers":
        this.showViewers(event.count);
        break;
      case "stock":
        this.goods.setStock(event.variant, event.left, event.closed);
        break;
      case "price":
        this.goods.setPrice(event.variant, event.price);
        break;
      case "show":
        this.listener.phase(event.phase);
        break;
      case "picture":
        this.listener.picture(event.state);
        break;
      default:
        this.retell(event);
        break;
    }
  }

  /** Something that happened then: what was said and shown, not what is in stock today. */
  retell(event: RoomEvent): void {
    switch (event.type) {
      case "chat":
        this.chat.add(event);
        break;
      case "order":
        this.chat.note(this.orderWords(event.name, event.product, event.quantity));
        break;
      case "pin":
        this.shelf.pin(event.product);
        break;
      case "unpin":
        this.shelf.pin(null);
        break;
      case "hearts":
        this.showHearts(event.count);
        break;
      default:
        break;
    }
  }

  clear(): void {
    this.chat.clear();
    this.shelf.pin(null);
  }

  private orderWords(name: string, productId: number, quantity: number): string {
    const product = this.goods.product(productId)?.name ?? "";
    return say("viewer-ordered", { name, product, count: quantity });
  }

  private showViewers(viewers: number): void {
    fill(document, "viewers", viewers > 0 ? say("viewer-watching", { count: viewers }) : "");
  }

  private showHearts(hearts: number): void {
    for (const place of document.querySelectorAll("[data-hearts-count]")) place.textContent = count(hearts);
    for (const place of document.querySelectorAll<HTMLElement>("[data-hearts-given]")) place.hidden = hearts === 0;
  }
}
