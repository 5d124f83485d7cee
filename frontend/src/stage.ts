/** What stands on the stage: the countdown, the picture, or a word about why there is none. */
import { countDown, type TimeLeft } from "./countdown";
import { fill, part } from "./page";
import { clock, say } from "./words";

export type Scene = "waiting" | "soon" | "showing" | "stalled" | "missing" | "unrecorded" | "over" | "cancelled";

/** Scenes that come with words of their own. */
const SPOKEN: ReadonlySet<Scene> = new Set(["soon", "stalled", "missing", "unrecorded", "over", "cancelled"]);

export class Stage {
  private readonly root = part("[data-stage]");
  private readonly loading = part("[data-loading]");

  constructor(private readonly video: HTMLVideoElement) {
    const shape = (): void => {
      this.root.dataset.shape = video.videoHeight > video.videoWidth ? "tall" : "wide";
    };
    video.addEventListener("loadedmetadata", shape);
    video.addEventListener("resize", shape);
    video.addEventListener("waiting", () => this.load(true));
    for (const name of ["playing", "pause", "seeked"]) video.addEventListener(name, () => this.load(false));
  }

  show(scene: Scene): void {
    this.root.dataset.scene = scene;
    const speaks = SPOKEN.has(scene);
    fill(this.root, "message", speaks ? say(`viewer-scene-${scene}`) : "");
    fill(this.root, "message-detail", speaks ? say(`viewer-scene-${scene}-detail`) : "");
    part("[data-message]", this.root).hidden = !speaks;
    part("[data-countdown]", this.root).hidden = scene !== "waiting";
    part("[data-again]", this.root).hidden = scene !== "over";
  }

  countDownTo(moment: number, over: () => void): void {
    const tick = (left: TimeLeft): void => {
      for (const [unit, value] of Object.entries(left)) fill(this.root, unit, String(value));
    };
    countDown(moment, tick, over);
  }

  /** How long the show has been on the air. */
  tellElapsed(startedAt: number): () => void {
    const tell = (): void => fill(this.root, "elapsed", clock(Date.now() - startedAt));
    const timer = setInterval(tell, 1000);
    tell();
    return () => clearInterval(timer);
  }

  private load(isLoading: boolean): void {
    this.loading.hidden = !isLoading || this.video.paused;
  }
}
