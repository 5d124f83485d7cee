/** Cameras and microphones: what to ask the browser for, and what its refusals mean. */

export type Shape = "tall" | "wide";
export type Trouble = "refused" | "absent" | "busy" | "insecure" | "unsupported" | "unknown";

export interface Wish {
  shape: Shape;
  /** A phone's picture stands upright by itself when the phone does, whatever was asked for. */
  turns?: boolean;
  camera?: string;
  microphone?: string;
  facing?: "user" | "environment";
}

const WIDE = [1280, 720] as const;
/**
 * An upright cut out of a 1080p camera. Chromium's recorder sends the cut unscaled (measured: asked for 720 x 1280,
 * it sent 1216 x 2160 out of a 4K mode), so ask for what a common mode gives.
 */
const CUT = [608, 1080] as const;

export function constraintsFor(wish: Wish): MediaStreamConstraints {
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return {
    video: videoFor(wish),
    audio: wish.microphone ? { ...audio, deviceId: { exact: wish.microphone } } : audio,
  };
}

export function videoFor({ shape, camera, facing, turns }: Wish): MediaTrackConstraints {
  const [width, height] = shape === "tall" && !turns ? CUT : WIDE;
  return {
    width: { ideal: width, max: width },
    height: { ideal: height, max: height },
    frameRate: { ideal: 30 },
    ...(camera ? { deviceId: { exact: camera } } : {}),
    ...(facing ? { facingMode: { ideal: facing } } : {}),
  };
}

/** What a DOMException of getUserMedia means for the person holding the phone. */
export function troubleOf(error: unknown): Trouble {
  const name = error instanceof Error ? error.name : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "refused";
    case "NotFoundError":
    case "OverconstrainedError":
      return "absent";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "unknown";
  }
}

/** What stands in the way before anything is asked. */
export function obstacle(): Trouble | undefined {
  if (!window.isSecureContext) return "insecure";
  // Old browsers lack what the types promise.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  return devices && "MediaRecorder" in window ? undefined : "unsupported";
}

export interface Current {
  deviceId?: string;
  facingMode?: string;
}

/** The other camera: back for front where the phone says which is which, else the next one of the list. */
export function otherCamera(now: Current, cameras: readonly string[]): Pick<Wish, "camera" | "facing"> | undefined {
  if (cameras.length < 2) return undefined;
  if (now.facingMode === "user") return { facing: "environment" };
  if (now.facingMode === "environment") return { facing: "user" };
  const next = cameras[(cameras.indexOf(now.deviceId ?? "") + 1) % cameras.length];
  return next === undefined ? undefined : { camera: next };
}
