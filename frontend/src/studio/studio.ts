/** One show from its preparation to its end, on one page. */
import { Goods } from "../goods";
import { part, toast, whileBusy } from "../page";
import { say } from "../words";
import { StudioApi } from "./api";
import { Camera, devicesOf, isAllowed } from "./camera";
import { Counter } from "./counter";
import { askToEnd, sendTheRest } from "./ending";
import { holdButton } from "./hold";
import { Lens } from "./lens";
import { forget, wasSending } from "./memory";
import { tellNumbers, tellOver } from "./over";
import { Prepare } from "./prepare";
import { wordsOf } from "./refusal";
import { Reply } from "./reply";
import { Room } from "./room";
import { Transmission } from "./transmission";

export interface ShowTimes {
  id: string;
  /** ms UTC */
  startsAt: number;
  startedAt: number | undefined;
  endedAt: number | undefined;
}

/** Why the picture stopped, by code. A newer key means that somebody began on another device. */
const TROUBLES: Record<string, string> = {
  "camera-lost": "lost",
  "taken-over": "taken-over",
  "ingest-key-wrong": "taken-over",
};

const PHASES = ["", "scheduled", "live", "ended"];

export class Studio {
  private readonly api: StudioApi;
  private readonly camera = new Camera();
  private readonly lens = new Lens(announce);
  private readonly prepare: Prepare;
  private readonly transmission: Transmission;
  private room: Room | undefined;
  private phase = "";
  private isEnding = false;

  constructor(private readonly show: ShowTimes) {
    this.api = new StudioApi(show.id);
    this.prepare = new Prepare(this.camera, this.lens, announce, show.startsAt);
    this.transmission = new Transmission(show.id, {
      connection: (now) => this.lens.connection(now),
      broken: (code) => this.breakOff(code),
    });
    this.wire();
  }

  async begin(status: string): Promise<void> {
    this.enter(status);
    if (status === "ended") return;
    await this.openConsole();
    if (status === "scheduled") await this.prepare.begin();
    else if (wasSending(this.show.id)) await this.comeBack();
  }

  /** What the room or the server says the show is now. */
  private enter(phase: string): void {
    // A snapshot may be older than what this page already did.
    if (PHASES.indexOf(phase) <= PHASES.indexOf(this.phase)) return;
    this.phase = phase;
    document.body.dataset.phase = phase;
    if (phase === "scheduled") this.lens.face("prepare");
    if (phase === "live") this.becomeLive();
    if (phase === "ended" && !this.isEnding) this.finish(this.show.endedAt ?? Date.now());
  }

  private becomeLive(): void {
    this.show.startedAt ??= Date.now();
    this.lens.runFrom(this.show.startedAt);
    if (!this.transmission.isSending) this.offerToSend();
  }

  /** The show is on and this device is not its camera: it handles goods and talk, and offers to send. */
  private offerToSend(): void {
    const own = wasSending(this.show.id);
    this.lens.face("resume");
    this.lens.picture(null);
    this.lens.closed(say("studio-camera-off"));
    part('[data-slot="resume-title"]').textContent = say(own ? "studio-on-air" : "studio-assisting");
    part('[data-slot="resume-detail"]').textContent = say(own ? "studio-resume-detail" : "studio-assisting-detail");
    part("[data-resume]").textContent = say(own ? "studio-resume" : "studio-take-over");
  }

  private async openConsole(): Promise<void> {
    try {
      const detail = await this.api.detail();
      const goods = new Goods({ products: detail.products, shops: {} });
      const counter = new Counter(goods, this.api, announce);
      counter.pin(detail.pinned);
      this.room = new Room(this.show.id, goods, counter, this.lens, (phase) => this.enter(phase));
      this.room.start();
      part("[data-console]").hidden = false;
    } catch (error) {
      toast(wordsOf(error));
    }
  }

  private async comeBack(): Promise<void> {
    if (await isAllowed()) await whileBusy(part("[data-resume]"), () => this.goOn());
  }

  /** Goes on the air, or takes the show up again, with the camera as chosen. */
  private async goOn(): Promise<void> {
    const again = this.phase === "live";
    const stream = this.camera.stream?.active ? this.camera.stream : await this.prepare.open();
    if (!stream) return;
    try {
      const { ingest_key, show } = await this.api.goOnAir();
      if (show.started_at) this.show.startedAt = Date.parse(show.started_at);
      await this.send(ingest_key, stream, again);
    } catch (error) {
      this.lens.refusal(wordsOf(error));
    }
  }

  private async send(key: string, stream: MediaStream, again: boolean): Promise<void> {
    if (again) announce(say("studio-sending-rest"));
    const started = this.transmission.start(key, stream);
    this.prepare.close();
    this.enter("live");
    this.lens.runFrom(this.show.startedAt ?? Date.now());
    this.lens.face("live");
    this.lens.trouble(null);
    this.lens.picture(stream);
    part("[data-switch]").hidden = (await devicesOf("videoinput")).length < 2;
    await started;
    announce(say(again ? "studio-you-are-back" : "studio-you-are-live"));
  }

  private breakOff(code: string): void {
    if (this.phase !== "live" || this.isEnding) return;
    const known = TROUBLES[code] ?? "broken";
    if (known === "taken-over") forget(this.show.id);
    this.camera.close();
    this.offerToSend();
    part("[data-switch]").hidden = true;
    this.lens.trouble(known, false);
  }

  private mute(): void {
    this.camera.mute(!this.camera.muted);
    this.lens.muted(this.camera.muted);
    announce(say(this.camera.muted ? "studio-muted" : "studio-heard"));
  }

  private async switchCamera(): Promise<void> {
    if (["weak", "cut", "full"].includes(this.transmission.connection.level)) {
      toast(say("studio-switch-later"));
      return;
    }
    announce(say("studio-switching"));
    let words = "studio-switch-failed";
    try {
      await this.transmission.replace(async () => {
        const result = await this.camera.switch(this.prepare.wish);
        const stream = result?.stream ?? this.camera.stream;
        if (!stream) throw new Error("the camera is closed");
        if (result?.switched) words = "studio-switched";
        this.lens.picture(stream);
        return stream;
      });
    } catch {
      this.transmission.abandon();
      this.breakOff("camera-lost");
      return;
    }
    toast(say(words));
  }

  private async end(): Promise<void> {
    if (this.isEnding) return;
    this.isEnding = true;
    try {
      await sendTheRest(this.transmission);
      const { ended_at } = await this.api.end();
      this.finish(ended_at ? Date.parse(ended_at) : Date.now());
    } catch (error) {
      this.isEnding = false;
      this.camera.close();
      this.offerToSend();
      this.lens.refusal(wordsOf(error));
    }
  }

  private finish(endedAt: number): void {
    const wasHere = this.room !== undefined;
    this.phase = document.body.dataset.phase = "ended";
    this.transmission.abandon();
    this.camera.close();
    this.lens.stopClock();
    this.lens.face("over");
    this.room?.stop();
    forget(this.show.id);
    part("[data-console]").hidden = true;
    tellOver(this.show.startedAt ?? endedAt, endedAt);
    if (wasHere) part("#over-title").focus();
    // The numbers are a courtesy; without the record the rest of the page stands.
    void tellNumbers(this.show.id).catch(() => undefined);
  }

  private wire(): void {
    new Reply(this.show.id);
    const busy = (selector: string, work: () => Promise<void>): void => {
      const button = part(selector);
      button.addEventListener("click", () => void whileBusy(button, work));
    };
    busy("[data-start]", () => this.goOn());
    busy("[data-resume]", () => this.goOn());
    busy("[data-switch]", () => this.switchCamera());
    busy("[data-retry]", () => this.prepare.open().then(() => undefined));
    part("[data-mute]").addEventListener("click", () => this.mute());
    const ask = askToEnd(() => void this.end());
    holdButton(part<HTMLButtonElement>("[data-end]"), {
      done: () => void this.end(),
      short: () => toast(say("studio-end-short")),
      ask,
    });
  }
}

function announce(words: string): void {
  part("[data-announce]").textContent = words;
}
