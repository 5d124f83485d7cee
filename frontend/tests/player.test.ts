import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { JUMP_BEHIND, jumpTarget, Player } from "../src/player";

type Listener = (event: string, data: object) => void;

/** hls.js needs a browser's media machinery; this is what the player sees of it. */
class Hls {
  static Events = { ERROR: "hlsError", LEVEL_SWITCHED: "hlsLevelSwitched", MANIFEST_PARSED: "hlsManifestParsed" };
  static isSupported = () => supported;
  static all: Hls[] = [];

  levels: { width: number; height: number }[] = [];
  nextLevel = -1;
  latency = 0;
  liveSyncPosition: number | null = null;
  latestLevelDetails: { live: boolean } | null = null;
  playingDate: Date | null = null;
  source = "";
  destroyed = false;
  readonly startLoad = vi.fn();
  readonly recoverMediaError = vi.fn();
  readonly attachMedia = vi.fn();
  readonly #listeners = new Map<string, Listener>();

  constructor(readonly configuration: object) {
    Hls.all.push(this);
  }

  on(event: string, listener: Listener): void {
    this.#listeners.set(event, listener);
  }

  says(event: string, data: object = {}): void {
    this.#listeners.get(event)?.(event, data);
  }

  fails(type: string, details: string, fatal = true): void {
    this.says("hlsError", { type, details, fatal });
  }

  loadSource(source: string): void {
    this.source = source;
  }

  destroy(): void {
    this.destroyed = true;
  }
}

class Video extends EventTarget {
  currentTime = 0;
  src = "";
}

vi.mock("hls.js/light", () => ({ default: Hls }));

const SOURCE = "/shows/nangok/index.m3u8";
let supported = true;
let video: Video;
let player: Player;
let heard: string[];

beforeEach(() => {
  vi.useFakeTimers();
  Hls.all = [];
  supported = true;
  video = new Video();
  player = new Player(video as unknown as HTMLVideoElement, SOURCE);
  heard = [];
  for (const name of ["playing", "waiting", "lost", "level"]) player.addEventListener(name, () => heard.push(name));
});
afterEach(() => {
  player.destroy();
  vi.useRealTimers();
});

async function started(): Promise<Hls> {
  await player.start();
  return present();
}

function present(): Hls {
  const hls = Hls.all.at(-1);
  if (!hls) throw new Error("nothing was loaded");
  return hls;
}

/** Its picture is that many seconds behind a live edge at 100 s. */
function behind(hls: Hls, seconds: number, live = true): void {
  Object.assign(hls, { latency: seconds, liveSyncPosition: 98.5, latestLevelDetails: { live } });
  video.currentTime = 100 - seconds;
}

describe("a live show", () => {
  it("is played with little delay, catching up by speed", async () => {
    const hls = await started();
    expect(hls.source).toBe(SOURCE);
    expect(hls.attachMedia).toHaveBeenCalledWith(video);
    expect(hls.configuration).toMatchObject({ lowLatencyMode: true, maxLiveSyncPlaybackRate: 1.5 });
  });

  it("jumps to the edge from more than 4 s behind", async () => {
    behind(await started(), 9);
    await vi.advanceTimersByTimeAsync(1000);
    expect(video.currentTime).toBe(98.5);
  });

  it("does not jump from 4 s behind", async () => {
    behind(await started(), JUMP_BEHIND);
    await vi.advanceTimersByTimeAsync(3000);
    expect(video.currentTime).toBe(96);
  });

  it("tells how far behind it is, and when the picture was taken", async () => {
    const hls = await started();
    behind(hls, 2);
    hls.playingDate = new Date(1_658_310_000_123);
    expect(player.latency).toBe(2);
    expect(player.programmeTime).toBe(1_658_310_000_123);
  });
});

describe("a replay", () => {
  it("is never jumped in", async () => {
    behind(await started(), 60, false);
    await vi.advanceTimersByTimeAsync(3000);
    expect(video.currentTime).toBe(40);
    expect(player.latency).toBe(0);
  });

  it("goes on where it was after a new player was needed", async () => {
    const hls = await started();
    behind(hls, 60, false);
    hls.fails("networkError", "manifestLoadError");
    await vi.advanceTimersByTimeAsync(2000);
    video.currentTime = 0;
    video.dispatchEvent(new Event("loadedmetadata"));
    expect(Hls.all).toHaveLength(2);
    expect(video.currentTime).toBe(40);
  });
});

describe("where to jump", () => {
  it.each([
    ["a live picture far behind", true, 9, 90, 98, 98],
    ["one near enough", true, 4, 95, 98, null],
    ["a replay", false, 900, 90, 98, null],
    ["an edge not known yet", true, 9, 90, null, null],
    ["an edge that is hardly ahead", true, 9, 97.8, 98, null],
  ])("%s", (_name, live, latency, now, edge, target) => {
    expect(jumpTarget(live, latency, now, edge)).toBe(target);
  });
});

describe("trouble", () => {
  it("while the playlist is not there yet is waited out, every 2 s", async () => {
    for (let tries = 1; tries <= 4; tries += 1) {
      const hls = tries === 1 ? await started() : present();
      hls.fails("networkError", "manifestLoadError");
      await vi.advanceTimersByTimeAsync(1999);
      expect(Hls.all).toHaveLength(tries);
      await vi.advanceTimersByTimeAsync(1);
      expect(Hls.all).toHaveLength(tries + 1);
      expect(hls.destroyed).toBe(true);
      expect(present().source).toBe(SOURCE);
    }
    expect(heard).toEqual(["lost", "lost", "lost", "lost"]);
  });

  it("with a part of a running show goes on with the same player", async () => {
    const hls = await started();
    hls.fails("networkError", "fragLoadError");
    await vi.advanceTimersByTimeAsync(2000);
    expect(hls.startLoad).toHaveBeenCalledTimes(1);
    expect(Hls.all).toHaveLength(1);
  });

  it("with decoding is recovered from once, then by a new player", async () => {
    const hls = await started();
    hls.fails("mediaError", "bufferAppendError");
    expect(hls.recoverMediaError).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1000);
    hls.fails("mediaError", "bufferAppendError");
    await vi.advanceTimersByTimeAsync(2000);
    expect(hls.recoverMediaError).toHaveBeenCalledTimes(1);
    expect(Hls.all).toHaveLength(2);
  });

  it("that hls.js copes with itself is not told", async () => {
    (await started()).fails("networkError", "fragLoadTimeOut", false);
    await vi.advanceTimersByTimeAsync(5000);
    expect(heard).toEqual([]);
    expect(Hls.all).toHaveLength(1);
  });

  it("is not tried again once the player is gone", async () => {
    const hls = await started();
    hls.fails("networkError", "manifestLoadError");
    player.destroy();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(hls.destroyed).toBe(true);
    expect(Hls.all).toHaveLength(1);
  });
});

describe("the levels", () => {
  it("are named by their shorter side, upright or wide", async () => {
    const hls = await started();
    expect(player.levels()).toEqual([]);
    hls.levels = [
      { width: 640, height: 360 },
      { width: 720, height: 1280 },
    ];
    hls.says("hlsManifestParsed");
    expect(heard).toEqual(["level"]);
    expect(player.levels()).toEqual([
      { id: 0, label: "360p", height: 360 },
      { id: 1, label: "720p", height: 1280 },
    ]);
  });

  it("can be chosen, and left to the player again", async () => {
    const hls = await started();
    player.setLevel(1);
    expect(hls.nextLevel).toBe(1);
    player.setLevel(-1);
    expect(hls.nextLevel).toBe(-1);
  });
});

it("passes on that the picture plays and waits", async () => {
  await started();
  for (const name of ["waiting", "playing"]) video.dispatchEvent(new Event(name));
  expect(heard).toEqual(["waiting", "playing"]);
});

describe("a browser that plays such shows itself", () => {
  it("is given the address, and again while it is not there yet", async () => {
    supported = false;
    await player.start();
    expect(video.src).toBe(SOURCE);
    video.src = "";
    video.dispatchEvent(new Event("error"));
    await vi.advanceTimersByTimeAsync(2000);
    expect(video.src).toBe(SOURCE);
    expect(heard).toEqual(["lost"]);
  });
});
