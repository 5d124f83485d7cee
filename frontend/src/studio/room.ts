/** What the show's room tells the merchant: talk, orders, stock, viewers, the end. */
import { Chat } from "../chat";
import { Feed, type RoomEvent, type RoomState } from "../feed";
import type { Goods } from "../goods";
import { fill, part } from "../page";
import { say } from "../words";
import type { Counter } from "./counter";
import type { Lens } from "./lens";

export class Room {
  private readonly chat = new Chat(part("[data-log]"), part<HTMLButtonElement>("[data-newer]"));
  private readonly feed: Feed;

  constructor(
    show: string,
    private readonly goods: Goods,
    private readonly counter: Counter,
    private readonly lens: Lens,
    private readonly onPhase: (phase: string) => void,
  ) {
    this.feed = new Feed(show, { silent: true });
    this.feed.addEventListener("state", () => this.become(this.feed.state));
    this.feed.addEventListener("event", (event) => this.hear((event as CustomEvent<RoomEvent>).detail));
    this.feed.addEventListener("connection", (event) => {
      part("[data-room-lost]").hidden = (event as CustomEvent<string>).detail !== "lost";
    });
  }

  start(): void {
    this.feed.start();
  }

  stop(): void {
    this.feed.stop();
  }

  private become(state: RoomState): void {
    this.lens.viewers(state.viewers);
    for (const [id, { left, closed }] of Object.entries(state.stock)) this.goods.setStock(Number(id), left, closed);
    this.counter.pin(state.pinned);
    for (const line of state.chat) this.chat.add(line);
    this.quieten();
    this.onPhase(state.phase);
  }

  private hear(event: RoomEvent): void {
    switch (event.type) {
      case "viewers":
        this.lens.viewers(event.count);
        break;
      case "stock":
        this.goods.setStock(event.variant, event.left, event.closed);
        break;
      case "pin":
        this.counter.pin(event.product);
        break;
      case "unpin":
        this.counter.pin(null);
        break;
      case "chat":
        this.chat.add(event);
        this.quieten();
        break;
      case "order":
        this.ring(event.name, event.product, event.quantity);
        break;
      case "show":
        this.onPhase(event.phase);
        break;
      default:
        break;
    }
  }

  private ring(name: string, productId: number, quantity: number): void {
    const product = this.goods.product(productId)?.name ?? "";
    const words = say("studio-ordered", { name, product, count: quantity });
    fill(document, "ticker", words);
    part(".ticker").classList.add("ticker--news");
    this.chat.note(words);
    this.quieten();
  }

  private quieten(): void {
    part("[data-quiet]").hidden = part("[data-log]").childElementCount > 0;
  }
}
