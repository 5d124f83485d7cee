/** A camera that films the clock, and an eye that reads the clock off the played picture. */
import { Player } from "../../frontend/src/player";
import { Broadcast } from "../../frontend/src/uploader";

interface Sample {
  /** Milliseconds from drawing to being seen; null when no clock could be read. */
  latency: number | null;
  /** Milliseconds by which the programme time is later than the clock in the picture. */
  programmeTimeError: number | null;
  rate: number;
}

const WIDTH = 1280;
const HEIGHT = 720;
const FRAME_MS = 1000 / 30;
const SAMPLE_MS = 100;
/** The clock is milliseconds modulo 2^24, a white or black block a bit, and below it every block inverted. */
const BITS = 24;
const BLOCK = 50;
const ROW = 80;
const CLOCK = 2 ** BITS;

let broadcast: Broadcast | null = null;
let player: Player | null = null;
let sampling: ReturnType<typeof setInterval> | undefined;
let samples: Sample[] = [];
let waits = 0;

async function send(showId: string, ingestKey: string): Promise<void> {
  const canvas = paper(WIDTH, HEIGHT);
  document.body.replaceChildren(canvas.canvas);
  setInterval(() => draw(canvas), FRAME_MS);
  const stream = canvas.canvas.captureStream(30);
  for (const track of hum().getAudioTracks()) stream.addTrack(track);
  broadcast = new Broadcast({ showId, ingestKey, stream });
  await broadcast.start();
  if (broadcast.status.refused) throw new Error(broadcast.status.refused);
}

async function watch(source: string): Promise<void> {
  const video = document.createElement("video");
  video.muted = video.autoplay = video.playsInline = true;
  document.body.replaceChildren(video);
  player = new Player(video, source);
  player.addEventListener("waiting", () => (waits += 1));
  await player.start();
}

function measure(): void {
  const video = document.querySelector("video");
  if (!video) throw new Error("nothing is being watched");
  const eye = paper(BITS * BLOCK, 2 * ROW);
  samples = [];
  waits = 0;
  sampling = setInterval(() => samples.push(look(video, eye)), SAMPLE_MS);
}

function measured(): { samples: Sample[]; waits: number } {
  clearInterval(sampling);
  return { samples, waits };
}

function paper(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  return context;
}

function draw(context: CanvasRenderingContext2D): void {
  const now = Date.now() % CLOCK;
  drawStreet(context, now);
  for (let bit = 0; bit < BITS; bit++) {
    const one = (now >> bit) & 1;
    for (const row of [0, 1]) {
      context.fillStyle = one === row ? "#000" : "#fff";
      context.fillRect(bit * BLOCK, row * ROW, BLOCK, ROW);
    }
  }
}

/** Things that move, so that the encoder has the work of a real picture. */
function drawStreet(context: CanvasRenderingContext2D, now: number): void {
  context.fillStyle = "#345";
  context.fillRect(0, 0, WIDTH, HEIGHT);
  for (let stall = 0; stall < 60; stall++) {
    context.fillStyle = `hsl(${(stall * 37 + now / 20) % 360} 60% 50%)`;
    context.fillRect((stall * 97 + now / 5) % WIDTH, 200 + ((stall * 53) % 480), 60, 40);
  }
}

function hum(): MediaStream {
  const audio = new AudioContext();
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  const destination = audio.createMediaStreamDestination();
  volume.gain.value = 0.1;
  oscillator.connect(volume).connect(destination);
  oscillator.start();
  return destination.stream;
}

function look(video: HTMLVideoElement, eye: CanvasRenderingContext2D): Sample {
  const now = Date.now();
  const programmeTime = player?.programmeTime ?? null;
  const shown = video.videoWidth ? read(video, eye) : null;
  const latency = shown === null ? null : (now - shown + CLOCK) % CLOCK;
  const error = latency === null || programmeTime === null ? null : programmeTime - (now - latency);
  return { latency, programmeTimeError: error, rate: video.playbackRate };
}

function read(video: HTMLVideoElement, eye: CanvasRenderingContext2D): number | null {
  const { width, height } = eye.canvas;
  const scale = video.videoWidth / WIDTH;
  eye.drawImage(video, 0, 0, width * scale, height * scale, 0, 0, width, height);
  const upper = eye.getImageData(0, ROW / 2, width, 1).data;
  const lower = eye.getImageData(0, ROW + ROW / 2, width, 1).data;
  let clock = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const pixel = (bit * BLOCK + BLOCK / 2) * 4;
    const one = (upper[pixel] ?? 0) > 128;
    if (one === (lower[pixel] ?? 0) > 128) return null;
    if (one) clock += 2 ** bit;
  }
  return clock;
}

Object.assign(globalThis, {
  bench: { send, watch, measure, measured, stop: () => broadcast?.stop(), status: () => broadcast?.status },
});
