/** The camera and the microphone of this device, as one stream. */
import { constraintsFor, otherCamera, videoFor, type Wish } from "./devices";

export class Camera {
  #stream: MediaStream | undefined;
  #muted = false;

  get stream(): MediaStream | undefined {
    return this.#stream;
  }

  get muted(): boolean {
    return this.#muted;
  }

  /** Opens what is wished for, in place of what was open. Throws what getUserMedia throws. */
  async open(wish: Wish): Promise<MediaStream> {
    this.close();
    return this.#take(await this.#ask(wish));
  }

  /** As wished for; whatever there is where a camera cannot do that or has been unplugged. */
  async #ask(wish: Wish): Promise<MediaStream> {
    try {
      return await navigator.mediaDevices.getUserMedia(constraintsFor(wish));
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "OverconstrainedError") throw error;
      return navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    }
  }

  close(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
  }

  mute(muted: boolean): void {
    this.#muted = muted;
    for (const track of this.#stream?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  /**
   * A stream from the other camera with the same microphone; undefined when there is no other one.
   * Phones open one camera at a time, so the old one is given up first and taken back if the other fails.
   */
  async switch(wish: Wish): Promise<{ stream: MediaStream; switched: boolean } | undefined> {
    const video = this.#stream?.getVideoTracks()[0];
    const now = video?.getSettings() ?? {};
    const other = otherCamera(now, await idsOf("videoinput"));
    if (!video || !other) return undefined;
    video.stop();
    try {
      return { stream: await this.#show({ shape: wish.shape, turns: wish.turns ?? false, ...other }), switched: true };
    } catch {
      const before: Wish = now.deviceId ? { ...wish, camera: now.deviceId } : wish;
      return { stream: await this.#show(before), switched: false };
    }
  }

  async #show(wish: Wish): Promise<MediaStream> {
    const opened = await navigator.mediaDevices.getUserMedia({ video: videoFor(wish) });
    const sound = this.#stream?.getAudioTracks() ?? [];
    return this.#take(new MediaStream([...opened.getVideoTracks(), ...sound]));
  }

  #take(stream: MediaStream): MediaStream {
    this.#stream = stream;
    this.mute(this.#muted);
    return stream;
  }
}

export async function devicesOf(kind: MediaDeviceKind): Promise<MediaDeviceInfo[]> {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter((device) => device.kind === kind && device.deviceId !== "");
}

async function idsOf(kind: MediaDeviceKind): Promise<string[]> {
  return (await devicesOf(kind)).map(({ deviceId }) => deviceId);
}

/** Whether camera and microphone were allowed before, so that opening them asks nothing. */
export async function isAllowed(): Promise<boolean> {
  try {
    const names = ["camera", "microphone"] as PermissionName[];
    const answers = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
    return answers.every(({ state }) => state === "granted");
  } catch {
    // Firefox and older Safari do not answer for cameras.
    return false;
  }
}
