/** Before the show: which camera, which microphone, can I be seen and heard. */
import { fill, part } from "../page";
import { say } from "../words";
import { devicesOf, isAllowed, type Camera } from "./camera";
import { obstacle, troubleOf, type Shape, type Trouble, type Wish } from "./devices";
import type { Lens } from "./lens";
import { Meter, QUIET } from "./meter";

export class Prepare {
  private readonly cameras = part<HTMLSelectElement>("[data-camera]");
  private readonly microphones = part<HTMLSelectElement>("[data-microphone]");
  private readonly meter = new Meter();
  private opening: Promise<MediaStream | undefined> | undefined;

  constructor(
    private readonly camera: Camera,
    private readonly lens: Lens,
    private readonly announce: (words: string) => void,
    /** ms UTC */
    private readonly startsAt: number,
  ) {
    for (const choice of [this.cameras, this.microphones]) choice.addEventListener("change", () => void this.open());
    for (const choice of document.querySelectorAll("[name=shape]"))
      choice.addEventListener("change", () => void this.open());
    part("[data-open]").addEventListener("click", () => void this.open());
  }

  /** Opens the camera unasked where it was allowed before. */
  async begin(): Promise<void> {
    const way = obstacle();
    if (way) this.#tell(way);
    else if (await isAllowed()) await this.open();
  }

  get wish(): Wish {
    const { value: camera } = this.cameras;
    const { value: microphone } = this.microphones;
    return {
      shape: part<HTMLInputElement>("[name=shape]:checked").value as Shape,
      turns: turnable(),
      ...(camera ? { camera } : {}),
      ...(microphone ? { microphone } : {}),
    };
  }

  /** The stream as chosen; undefined when the page says why there is none. Asked twice, opened once. */
  open(): Promise<MediaStream | undefined> {
    const before = this.opening ?? Promise.resolve(undefined);
    const now = before.then(() => this.#open());
    this.opening = now;
    return now;
  }

  close(): void {
    this.meter.stop();
    part("[data-sound]").hidden = true;
  }

  async #open(): Promise<MediaStream | undefined> {
    const way = obstacle();
    if (way) {
      this.#tell(way);
      return;
    }
    this.lens.trouble(null);
    this.lens.closed(say("studio-camera-asking"));
    try {
      const stream = await this.camera.open(this.wish);
      await this.#welcome(stream);
      return stream;
    } catch (error) {
      this.#tell(troubleOf(error)); return;
    }
  }

  async #welcome(stream: MediaStream): Promise<void> {
    this.lens.picture(stream);
    this.lens.closed(say("studio-camera-closed"));
    await this.#list(stream);
    this.#hear(stream);
    this.#hintAtTurning(stream);
    part("[data-choices]").hidden = false;
    part("[data-start]").hidden = false;
    part("[data-early]").hidden = Date.now() >= this.startsAt;
    part("[data-open]").hidden = true;
    this.announce(say("studio-camera-ready"));
  }

  #tell(trouble: Trouble): undefined {
    this.close();
    this.lens.picture(null);
    this.lens.closed(say("studio-camera-closed"));
    this.lens.trouble(trouble, trouble !== "insecure" && trouble !== "unsupported");
    part("[data-start]").hidden = true;
    part("[data-early]").hidden = true;
    part("[data-open]").hidden = true;
  }

  async #list(stream: MediaStream): Promise<void> {
    const [video] = stream.getVideoTracks();
    const [audio] = stream.getAudioTracks();
    options(this.cameras, "camera", await devicesOf("videoinput"), video);
    options(this.microphones, "microphone", await devicesOf("audioinput"), audio);
  }

  #hear(stream: MediaStream): void {
    const bar = part("[data-meter]");
    part("[data-sound]").hidden = false;
    this.meter.listen(stream, (level, lately) => {
      bar.style.setProperty("--level", `${level}%`);
      bar.setAttribute("aria-valuenow", String(level));
      fill(document, "sound", say(lately < QUIET ? "studio-sound-quiet" : "studio-sound-heard"));
    });
  }

  /** A phone's picture turns with the phone, whatever was asked for. */
  #hintAtTurning(stream: MediaStream): void {
    const { width = 0, height = 0 } = stream.getVideoTracks()[0]?.getSettings() ?? {};
    const { shape } = this.wish;
    const fits = shape === "tall" ? height >= width : width >= height;
    fill(document, "shape-hint", fits || !turnable() ? "" : say(`studio-shape-turn-${shape}`));
  }
}

/** Whether this is a phone or a tablet. */
function turnable(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}

function options(
  select: HTMLSelectElement,
  kind: "camera" | "microphone",
  devices: MediaDeviceInfo[],
  chosen: MediaStreamTrack | undefined,
): void {
  const id = chosen?.getSettings().deviceId ?? "";
  const items = devices.map(({ deviceId, label }, index) => {
    const words = label || say(`studio-${kind}-number`, { number: index + 1 });
    return new Option(words, deviceId, false, deviceId === id);
  });
  select.replaceChildren(...items);
}
