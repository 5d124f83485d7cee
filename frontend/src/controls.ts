/** The buttons of the picture: sound, pause, quality, small window, full screen, and in a replay the place in it. */
import type { Player } from "./player";
import { part } from "./page";
import { clock, say } from "./words";

export class Controls {
  private readonly play = part<HTMLButtonElement>("[data-do=play]");
  private readonly sound = part<HTMLButtonElement>("[data-do=sound]");
  private readonly unmute = part<HTMLButtonElement>("[data-do=unmute]");
  private readonly seek = part<HTMLInputElement>("[data-seek] input");

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly stage: HTMLElement,
  ) {
    this.play.addEventListener("click", () => this.togglePlay());
    this.sound.addEventListener("click", () => this.setMuted(!video.muted));
    this.unmute.addEventListener("click", () => this.setMuted(false));
    for (const name of ["play", "pause", "volumechange"]) video.addEventListener(name, () => this.show());
    this.preparePictureInPicture();
    this.prepareFullScreen();
    document.addEventListener("keydown", (event) => this.key(event));
    this.show();
  }

  /** The qualities there are; automatic first. One quality needs no choice. */
  offerLevels(player: Player): void {
    const list = part("[data-levels]");
    const levels = player.levels();
    part("[data-levels-part]").hidden = levels.length < 2;
    const choose = (id: number): void => {
      player.setLevel(id);
      for (const item of list.querySelectorAll("button"))
        item.setAttribute("aria-pressed", String(item.value === String(id)));
    };
    list.replaceChildren(
      ...[{ id: -1, label: say("viewer-quality-auto") }, ...levels].map(({ id, label }) => {
        const item = document.createElement("button");
        Object.assign(item, { type: "button", className: "menu__item", textContent: label, value: String(id) });
        item.setAttribute("aria-pressed", String(id === -1));
        item.addEventListener("click", () => choose(id));
        return item;
      }),
    );
  }

  /** In a replay: where we are, and going elsewhere. */
  followPlace(): void {
    part("[data-seek]").hidden = false;
    const told = part("[data-seek] output");
    const show = (): void => {
      const end = Number.isFinite(this.video.duration) ? this.video.duration : 0;
      this.seek.max = String(end);
      this.seek.value = String(this.video.currentTime);
      const words = `${clock(this.video.currentTime * 1000)} / ${clock(end * 1000)}`;
      told.textContent = words;
      this.seek.setAttribute("aria-valuetext", words);
    };
    for (const name of ["timeupdate", "durationchange", "seeked"]) this.video.addEventListener(name, show);
    this.seek.addEventListener("input", () => {
      this.video.currentTime = Number(this.seek.value);
    });
  }

  private show(): void {
    const { paused, muted } = this.video;
    label(this.play, say(paused ? "viewer-play" : "viewer-pause"), paused);
    label(this.sound, say(muted ? "viewer-sound-on" : "viewer-sound-off"), muted);
    this.unmute.hidden = !muted || paused;
  }

  private togglePlay(): void {
    if (this.video.paused) void this.video.play().catch(() => this.show());
    else this.video.pause();
  }

  private setMuted(muted: boolean): void {
    const hadFocus = document.activeElement === this.unmute;
    this.video.muted = muted;
    this.show();
    if (hadFocus) this.sound.focus();
    if (this.video.paused && !muted) void this.video.play().catch(() => this.show());
  }

  private preparePictureInPicture(): void {
    const button = part<HTMLButtonElement>("[data-do=corner]");
    button.hidden = !document.pictureInPictureEnabled;
    button.addEventListener("click", () => {
      const done = document.pictureInPictureElement
        ? document.exitPictureInPicture()
        : this.video.requestPictureInPicture();
      // Refused when there is no picture yet; the button simply did nothing.
      void Promise.resolve(done).catch(() => undefined);
    });
  }

  private prepareFullScreen(): void {
    const button = part<HTMLButtonElement>("[data-do=full]");
    button.hidden = !document.fullscreenEnabled;
    button.addEventListener("click", () => {
      const done = document.fullscreenElement ? document.exitFullscreen() : this.stage.requestFullscreen();
      void done.catch(() => undefined);
    });
    document.addEventListener("fullscreenchange", () => {
      const full = document.fullscreenElement !== null;
      part("[data-full-words]", button).textContent = say(full ? "viewer-full-screen-off" : "viewer-full-screen");
    });
  }

  /** K pauses and M mutes, as on the big sites, unless somebody is typing or in a sheet. */
  private key(event: KeyboardEvent): void {
    const target = event.target as Element;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest("input, textarea, select, dialog")) return;
    if (event.key === "k") this.togglePlay();
    else if (event.key === "m") this.setMuted(!this.video.muted);
  }
}

/** One button, two faces: the `first` icon stands for the state in which pressing starts something. */
function label(button: HTMLButtonElement, words: string, first: boolean): void {
  button.setAttribute("aria-label", words);
  button.title = words;
  button.dataset.face = first ? "first" : "second";
}
