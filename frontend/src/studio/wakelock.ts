/** Keeps the screen on while on the air: a sleeping phone stops its camera. */

export class WakeLock {
  #wanted = false;
  #lock: WakeLockSentinel | undefined;

  constructor() {
    document.addEventListener("visibilitychange", () => {
      if (this.#wanted && document.visibilityState === "visible") void this.hold();
    });
  }

  async hold(): Promise<void> {
    this.#wanted = true;
    const wakeLock = (navigator as { wakeLock?: Navigator["wakeLock"] }).wakeLock;
    try {
      this.#lock = await wakeLock?.request("screen");
    } catch {
      // Refused on low battery: the show goes on, and the phone may dim.
    }
  }

  release(): void {
    this.#wanted = false;
    void this.#lock?.release();
    this.#lock = undefined;
  }
}
