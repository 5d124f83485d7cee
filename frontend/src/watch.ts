/** The watch page: before, during and after a show. */
import "@styles/watch.css";
import { Chat } from "./chat";
import { cart, checkout } from "./buying";
import { Composer, Hearts, wordsOf } from "./composer";
import { Controls } from "./controls";
import { Feed, type RoomEvent } from "./feed";
import { Goods, type ShowData, type Variant } from "./goods";
import { request } from "./http";
import { dataOf, part, toast, whileBusy } from "./page";
import { Player } from "./player";
import { ProductSheet, Shelf } from "./products";
import { replay } from "./replay";
import { Room } from "./room";
import { moveRundown } from "./rundown";
import { Stage } from "./stage";
import type { Wish } from "./till";
import { turnWords, WaitingList, type Turn } from "./waiting-list";
import { WaitingPart } from "./waiting-part";
import { say } from "./words";

/** What the catalogue says of the show now. */
interface ShowNow extends Pick<ShowData, "products" | "status"> {
  /** ISO 8601 */
  started_at: string | null;
}

/** In the order of time. */
const PHASES = ["scheduled", "live", "ended", "cancelled"];

const show = dataOf<ShowData>("show-data");
const video = part<HTMLVideoElement>("video");
const goods = new Goods(show);
const waiting = new WaitingList();
const sheet = new ProductSheet(
  goods,
  {
    take: (variant, quantity, button) => void whileBusy(button, () => take(variant, quantity)),
    gather: (variant, quantity, button) => void whileBusy(button, () => gather(variant, quantity)),
  },
  new WaitingPart(part("#product"), waiting, show.id, buy),
);
const shelf = new Shelf(goods, (product) => sheet.open(product));
const stage = new Stage(video);
const controls = new Controls(video, part("[data-stage]"));
const chat = new Chat(part("[data-log]"), part<HTMLButtonElement>("[data-newer]"));
let phase: string = show.status;
/** What the room says of the picture; nothing has come as long as it says nothing. */
let flow = "none";
let player: Player | undefined;
let composer: Composer | undefined;
let stopElapsed = (): void => undefined;

async function buy(wish: Wish): Promise<void> {
  await checkout.start([wish]);
  sheet.close();
}

async function take(variant: Variant, quantity: number): Promise<void> {
  sheet.tell("");
  try {
    await buy({ variant: variant.id, quantity, show: show.id });
  } catch (error) {
    sheet.tell(wordsOf(error));
  }
}

async function gather(variant: Variant, quantity: number): Promise<void> {
  sheet.tell("");
  try {
    await cart.add({ variant: variant.id, quantity, show: show.id });
    sheet.close();
    toast(say("viewer-cart-added"));
  } catch (error) {
    sheet.tell(wordsOf(error));
  }
}

goods.addEventListener("change", (event) => {
  const product = goods.product((event as CustomEvent<number>).detail);
  waiting.heard(product?.variants.map(({ id }) => id) ?? []);
});

/** Opens by itself only for who is at nothing else; the others find the way on the page. */
waiting.addEventListener("turn", (event) => {
  const { waited, checkout: kept } = (event as CustomEvent<Turn>).detail;
  const words = turnWords(waited, kept);
  sheet.close();
  const isAtSomething = document.querySelector("dialog[open]") ?? document.activeElement?.matches("input, textarea");
  checkout.serve(kept, words, !isAtSomething);
  if (isAtSomething) toast(words);
});

checkout.addEventListener("toggle", (event) => {
  document.body.classList.toggle("watch--buying", (event as CustomEvent<boolean>).detail);
});

const folder = `/shows/${show.id}/index.m3u8`;

/** A show of which no picture ever came has no replay; any other will come. */
async function missReplay(of: Player): Promise<void> {
  // Who saw the end has the way to the replay before them already.
  if (show.status === "ended") stage.show("missing");
  const { status } = await fetch(folder);
  if (status !== 404) return;
  of.destroy();
  stage.show("unrecorded");
}

function play(): Player {
  const made = new Player(video, folder);
  made.addEventListener("playing", () => {
    controls.offerLevels(made);
    stage.show("showing");
  });
  made.addEventListener("lost", () => {
    if (phase === "ended") void missReplay(made).catch(() => undefined);
    else picture(flow === "none" ? "none" : "stalled");
  });
  void made.start();
  return made;
}

/** Going on the air changes what things cost and when each turn comes; the end may turn out to be a cancellation. */
async function refresh(): Promise<void> {
  const now = await request<ShowNow>("GET", `/api/v1/shows/${show.id}`);
  for (const { id, price, kind, left, closed } of now.products.flatMap(({ variants }) => variants)) {
    goods.setPrice(id, price);
    goods.setKind(id, kind);
    goods.setStock(id, left, closed);
  }
  if (now.started_at) beganAt(Date.parse(now.started_at));
  if (now.status === "cancelled") become("cancelled");
}

function beganAt(moment: number): void {
  show.started_at = moment;
  moveRundown(moment);
  if (phase !== "live") return;
  stopElapsed();
  stopElapsed = stage.tellElapsed(moment);
}

function becomeLive(): void {
  stage.show("soon");
  if (show.started_at === null) beganAt(Date.now());
  else beganAt(show.started_at);
  player ??= play();
}

function become(now: string): void {
  phase = now;
  document.body.dataset.phase = now;
  if (now === "live") {
    becomeLive();
    return;
  }
  stopElapsed();
  composer?.close(part("[data-log]"));
  stage.show(now === "cancelled" ? "cancelled" : "over");
}

function enter(now: string): void {
  // A snapshot may be older than what this page already knows, and to its room a cancelled show is over.
  if (PHASES.indexOf(now) < PHASES.indexOf(phase) || (now === phase && (player ?? now !== "live"))) return;
  become(now);
  void refresh().catch(() => undefined);
}

function heardOfPicture(state: string): void {
  flow = state;
  picture(state);
}

function picture(state: string): void {
  if (phase !== "live") return;
  if (state === "stalled") stage.show("stalled");
  else if (state === "none") stage.show("soon");
  else stage.show("showing");
}

const room = new Room(goods, shelf, chat, { phase: enter, picture: heardOfPicture });

function watchLive(): void {
  const feed = new Feed(show.id);
  feed.addEventListener("state", () => room.become(feed.state));
  feed.addEventListener("event", (event) => room.hear((event as CustomEvent<RoomEvent>).detail));
  feed.addEventListener("connection", (event) => {
    part("[data-connection]").hidden = (event as CustomEvent<string>).detail !== "lost";
  });
  feed.start();
  composer = new Composer(show.id);
  new Hearts(show.id, part<HTMLButtonElement>("[data-hearts]"));
}

/** Whoever was in the middle of buying, or waits for something, is there again after a reload. */
async function resume(): Promise<void> {
  await waiting.find();
  if (await checkout.find()) checkout.show();
}

function begin(): void {
  shelf.pin(show.pinned);
  if (show.status === "cancelled") {
    stage.show("cancelled");
    return;
  }
  if (show.status === "ended") {
    stage.show("showing");
    player = play();
    controls.followPlace();
    void replay(show.id, video, player, room).catch(() => undefined);
  } else {
    if (show.status === "live") becomeLive();
    else {
      stage.show("waiting");
      stage.countDownTo(show.starts_at, () => phase === "scheduled" && stage.show("soon"));
    }
    watchLive();
  }
  // Without an answer there is nothing to go on with; buying will ask again.
  void resume().catch(() => undefined);
}

begin();
