/** Plays a show's folder: low latency while it is live, the whole of it afterwards. */
import type Hls from "hls.js";
import type { HlsConfig, LoadPolicy, RetryConfig } from "hls.js";

export interface Level {
  id: number;
  label: string;
  height: number;
}

/** Seconds behind the live edge from which catching up by speed is hopeless, so the player jumps. */
export const JUMP_BEHIND = 4;
const LOOK_MS = 500;
const TRY_AGAIN_MS = 2000;
/** A second decoding error within this time needs a new player, not another recovery. */
const RECOVERY_MS = 3000;

const PATIENT: RetryConfig = { maxNumRetry: 10_000, retryDelayMs: 500, maxRetryDelayMs: 2000 };

function patiently(firstByteMs: number): LoadPolicy {
  return {
    default: {
      maxTimeToFirstByteMs: firstByteMs,
      maxLoadTimeMs: 20_000,
      timeoutRetry: PATIENT,
      errorRetry: PATIENT,
    },
  };
}

/** A playlist request may rightly wait 6 s; parts are there or refused at once, so those retry only a little. */
const CONFIGURATION: Partial<HlsConfig> = {
  lowLatencyMode: true,
  maxLiveSyncPlaybackRate: 1.5,
  liveSyncOnStallIncrease: 0.15,
  backBufferLength: 30,
  playlistLoadPolicy: patiently(10_000),
};

/** Where a player that fell behind should jump to; null while it is near enough or plays a replay. */
export function jumpTarget(live: boolean, latency: number, now: number, edge: number | null): number | null {
  if (!live || edge === null || latency <= JUMP_BEHIND) return null;
  return now < edge - 0.5 ? edge : null;
}

/** Events: `playing`, `waiting`, `lost` (trying again), `level`. */
export class Player extends EventTarget {
  #hls: Hls | null = null;
  #library: typeof Hls | null = null;
  #looking: ReturnType<typeof setInterval> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #recoveredAt = -Infinity;
  #destroyed = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly source: string,
  ) {
    super();
    for (const name of ["playing", "waiting"] as const) video.addEventListener(name, this.#pass);
  }

  /** Begins loading; keeps trying while the show has not begun or the server is away. */
  async start(): Promise<void> {
    // Without second soundtracks, subtitles and DRM, which no show has: 120 instead of 190 KB compressed.
    const { default: library } = await import("hls.js/light");
    if (this.#destroyed) return;
    if (!library.isSupported()) {
      this.#playNatively();
      return;
    }
    this.#library = library;
    this.#attach();
    this.#looking = setInterval(() => this.#catchUp(), LOOK_MS);
  }

  levels(): Level[] {
    const levels = this.#hls?.levels ?? [];
    return levels.map(({ width, height }, id) => ({ id, label: `${Math.min(width, height)}p`, height }));
  }

  /** -1 lets the player choose. */
  setLevel(id: number): void {
    if (this.#hls) this.#hls.nextLevel = id;
  }

  /** Seconds between the live edge and the picture shown; 0 in a replay. */
  get latency(): number {
    return this.#live ? (this.#hls?.latency ?? 0) : 0;
  }

  /** When the picture being shown was taken, ms UTC. */
  get programmeTime(): number | null {
    if (this.#hls) return this.#hls.playingDate?.getTime() ?? null;
    const started = (this.video as { getStartDate?: () => Date }).getStartDate?.().getTime();
    return started === undefined || Number.isNaN(started) ? null : started + this.video.currentTime * 1000;
  }

  destroy(): void {
    this.#destroyed = true;
    clearInterval(this.#looking);
    clearTimeout(this.#retry);
    for (const name of ["playing", "waiting"] as const) this.video.removeEventListener(name, this.#pass);
    this.video.removeEventListener("error", this.#nativelyLost);
    this.#hls?.destroy();
    this.#hls = null;
  }

  get #live(): boolean {
    return this.#hls?.latestLevelDetails?.live ?? false;
  }

  readonly #pass = (event: Event): void => void this.dispatchEvent(new Event(event.type));

  #attach(): void {
    const library = this.#library;
    if (!library) return;
    const hls = new library(CONFIGURATION);
    this.#hls = hls;
    hls.on(library.Events.ERROR, (_event, { fatal, type, details }) => {
      if (fatal) this.#lost(hls, type, details);
    });
    for (const event of [library.Events.LEVEL_SWITCHED, library.Events.MANIFEST_PARSED] as const) {
      hls.on(event, () => void this.dispatchEvent(new Event("level")));
    }
    hls.loadSource(this.source);
    hls.attachMedia(this.video);
  }

  #lost(hls: Hls, type: string, details: string): void {
    this.dispatchEvent(new Event("lost"));
    clearTimeout(this.#retry);
    if (type === "mediaError" && performance.now() - this.#recoveredAt > RECOVERY_MS) {
      this.#recoveredAt = performance.now();
      hls.recoverMediaError();
    } else if (type === "networkError" && !details.startsWith("manifest")) {
      this.#retry = setTimeout(() => hls.startLoad(), TRY_AGAIN_MS);
    } else {
      this.#retry = setTimeout(() => this.#again(), TRY_AGAIN_MS);
    }
  }

  /** A whole new player; a replay goes on where it was. */
  #again(): void {
    const at = this.#live ? 0 : this.video.currentTime;
    this.#hls?.destroy();
    this.#attach();
    if (at > 0) this.video.addEventListener("loadedmetadata", () => (this.video.currentTime = at), { once: true });
  }

  #catchUp(): void {
    const hls = this.#hls;
    if (!hls) return;
    const target = jumpTarget(this.#live, hls.latency, this.video.currentTime, hls.liveSyncPosition);
    if (target !== null) this.video.currentTime = target;
  }

  readonly #nativelyLost = (): void => {
    this.dispatchEvent(new Event("lost"));
    this.#retry = setTimeout(() => (this.video.src = this.source), TRY_AGAIN_MS);
  };

  #playNatively(): void {
    this.video.addEventListener("error", this.#nativelyLost);
    this.video.src = this.source;
  }
}
