/** The watch page: before, during and after a show. */
import "@styles/watch.css";
import viewerEn from "@messages/en/viewer.ftl?raw";
import viewerKo from "@messages/ko/viewer.ftl?raw";
import { Chat } from "./chat";
import { Checkout } from "./checkout";
import { Composer, Hearts, wordsOf } from "./composer";
import { Controls } from "./controls";
import { Feed, type RoomEvent } from "./feed";
import { Goods, type ShowData, type Variant } from "./goods";
import { request } from "./http";
import { me, type Hold } from "./me";
import { dataOf, part, whileBusy } from "./page";
import { Player } from "./player";
import { ProductSheet, Shelf } from "./products";
import { replay } from "./replay";
import { Room } from "./room";
import { Stage } from "./stage";
import { teach } from "./words";

teach({ ko: viewerKo, en: viewerEn });

const show = dataOf<ShowData>("show-data");
const video = part<HTMLVideoElement>("video");
const goods = new Goods(show);
const sheet = new ProductSheet(goods, (variant, quantity, button) => void whileBusy(button, () => take(variant, quantity)));
const shelf = new Shelf(goods, (product) => sheet.open(product));
const stage = new Stage(video);
const controls = new Controls(video, part("[data-stage]"));
const checkout = new Checkout((open) => document.body.classList.toggle("watch--buying", open));
const chat = new Chat(part("[data-log]"), part<HTMLButtonElement>("[data-newer]"));
let phase: string = show.status;
/** What the room says of the picture; nothing has come as long as it says nothing. */
let flow = "none";
let player: Player | undefined;
let stopElapsed = (): void => undefined;

async function take(variant: Variant, quantity: number): Promise<void> {
  sheet.tell("");
  try {
    const { csrf } = await me();
    const body = { variant: variant.id, quantity, show: show.id };
    const hold = await request<Hold>("POST", "/api/v1/holds", { body, csrf });
    sheet.close();
    checkout.open(hold);
  } catch (error) {
    sheet.tell(wordsOf(error));
  }
}

function play(): Player {
  const made = new Player(video, `/shows/${show.id}/index.m3u8`);
  made.addEventListener("playing", () => {
    controls.offerLevels(made);
    stage.show("showing");
  });
  made.addEventListener("lost", () => {
    if (phase === "ended") stage.show("missing");
    else picture(flow === "none" ? "none" : "stalled");
  });
  void made.start();
  return made;
}

/** Going on the air changes what things cost. */
async function refreshPrices(): Promise<void> {
  const { products } = await request<Pick<ShowData, "products">>("GET", `/api/v1/shows/${show.id}`);
  for (const { variants } of products) for (const { id, price } of variants) goods.setPrice(id, price);
}

function becomeLive(): void {
  stage.show("soon");
  stopElapsed();
  stopElapsed = stage.tellElapsed(show.started_at ?? Date.now());
  player ??= play();
}

function enter(now: string): void {
  if (now === phase && (player ?? now !== "live")) return;
  phase = now;
  document.body.dataset.phase = now;
  if (now === "live") becomeLive();
  if (now === "ended") {
    stopElapsed();
    stage.show("over");
  }
  void refreshPrices().catch(() => undefined);
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
  new Composer(show.id);
  new Hearts(show.id, part<HTMLButtonElement>("[data-hearts]"));
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
  void checkout.resume().catch(() => undefined);
}

begin();
