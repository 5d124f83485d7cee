/** How loud the microphone is, so that nobody broadcasts in silence. */

const EVERY_MS = 100;
/** Speech pauses; a second and a half without sound is silence. */
const REMEMBERED = 15;
/** Of full scale, in percent on the meter's scale. */
export const QUIET = 8;

/** Loudness of samples (-1 … 1) on a scale of 0 (-60 dB or less) to 100 (full scale). */
export function loudness(samples: Float32Array): number {
  const mean = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(samples.length, 1);
  const decibels = 10 * Math.log10(Math.max(mean, 1e-6));
  return Math.round(Math.max(0, Math.min(100, ((decibels + 60) / 60) * 100)));
}

export class Meter {
  #context: AudioContext | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Tells the level (0-100) and the loudest of the last moments, ten times a second. */
  listen(stream: MediaStream, tell: (level: number, lately: number) => void): void {
    this.stop();
    const context = new AudioContext();
    this.#context = context;
    const analyser = context.createAnalyser();
    analyser.fftSize = 2048;
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const levels: number[] = [];
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      levels.push(loudness(samples));
      if (levels.length > REMEMBERED) levels.shift();
      tell(levels.at(-1) ?? 0, Math.max(...levels));
    }, EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    void this.#context?.close();
    this.#context = undefined;
  }
}
