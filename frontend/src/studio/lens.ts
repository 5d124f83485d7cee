/** The picture part of the page: what the camera sees, and the words over and under it. */
import { fill, part } from "../page";
import { clock, count, say } from "../words";
import { NO_CONNECTION, type Connection, type Level } from "./connection";

export type Face = "prepare" | "live" | "resume" | "over";

export class Lens {
  readonly root = part("[data-lens]");
  private readonly video = part<HTMLVideoElement>("[data-preview]", this.root);
  private readonly frame = part("[data-frame]", this.root);
  private level: Level | undefined;
  private lost = false;
  private elapsed: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly announce: (words: string) => void) {
    const shape = (): void => {
      this.frame.dataset.shape = this.video.videoHeight > this.video.videoWidth ? "tall" : "wide";
    };
    part("[data-lost-seen]").addEventListener("click", () => (part("[data-lost]").hidden = true));
    for (const name of ["loadedmetadata", "resize"]) this.video.addEventListener(name, shape);
  }

  /** Which of the page's steps is under the picture. */
  face(face: Face): void {
    this.root.hidden = face === "over";
    this.root.dataset.face = document.body.dataset.face = face;
    part("[data-prepare]").hidden = face !== "prepare";
    part("[data-resuming]").hidden = face !== "resume";
    part("[data-chips]").hidden = face !== "live" && face !== "resume";
    part("[data-connection]").hidden = face !== "live";
    for (const name of ["bar", "hold-says"]) part(`[data-${name}]`).hidden = face !== "live" && face !== "resume";
    part("[data-mute]").hidden = face !== "live";
    if (face !== "live") this.connection(NO_CONNECTION);
  }

  picture(stream: MediaStream | null): void {
    this.video.srcObject = stream;
    part("[data-closed]").hidden = stream !== null;
    this.frame.classList.toggle("lens__frame--open", stream !== null);
    const facing = stream?.getVideoTracks()[0]?.getSettings().facingMode;
    // People know themselves from mirrors; what the back camera sees is not a mirror.
    this.video.classList.toggle("lens__video--mirror", facing === "user");
  }

  /** Words where the picture would be. */
  closed(words: string): void {
    fill(this.root, "closed", words);
  }

  viewers(viewers: number): void {
    part("[data-viewers]").hidden = false;
    fill(this.root, "viewers", say("studio-viewers", { count: count(viewers) }));
    fill(this.root, "viewers-said", say("studio-viewers-said", { count: count(viewers) }));
  }

  runFrom(startedAt: number): void {
    clearInterval(this.elapsed);
    const tell = (): void => fill(this.root, "elapsed", clock(Date.now() - startedAt));
    this.elapsed = setInterval(tell, 1000);
    tell();
  }

  stopClock(): void {
    clearInterval(this.elapsed);
  }

  /** Said aloud only when it changes; the seconds move silently. */
  connection({ level, seconds, lost }: Connection): void {
    const words = say(`studio-connection-${level}`);
    const troubled = level !== "idle" && level !== "good";
    if (lost && !this.lost) this.tellLost();
    this.lost = lost;
    const detail = troubled ? say(`studio-connection-${level}-detail`, { seconds }) : "";
    part("[data-connection]").dataset.level = level;
    fill(this.root, "connection", words);
    part("[data-waiting]").hidden = !troubled;
    fill(this.root, "waiting", troubled ? words : "");
    fill(this.root, "waiting-detail", detail);
    if (this.level !== undefined && this.level !== level && level !== "idle") this.announce(`${words}. ${detail}`);
    this.level = level;
  }

  private tellLost(): void {
    part("[data-lost]").hidden = false;
    this.announce(say("studio-lost"));
  }

  muted(muted: boolean): void {
    const button = part("[data-mute]");
    button.setAttribute("aria-pressed", String(muted));
    fill(button, "mute", say(muted ? "studio-unmute" : "studio-mute"));
    fill(this.root, "caution", muted ? say("studio-muted") : "");
    part("[data-caution]").hidden = !muted;
  }

  /** A trouble's code, and whether the page offers to try again; null takes it away. */
  trouble(code: string | null, retry = true): void {
    part("[data-trouble]").hidden = code === null;
    part("[data-retry]").hidden = !retry;
    fill(this.root, "trouble", code ? say(`studio-trouble-${code}`) : "");
    fill(this.root, "trouble-detail", code ? say(`studio-trouble-${code}-detail`) : "");
  }

  /** A refusal of the server, in its own words. */
  refusal(words: string): void {
    part("[data-trouble]").hidden = false;
    part("[data-retry]").hidden = true;
    fill(this.root, "trouble", words);
    fill(this.root, "trouble-detail", "");
  }
}
