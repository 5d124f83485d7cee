/** Time that is left, told every second. */

export interface TimeLeft {
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
}

export function timeLeft(milliseconds: number): TimeLeft {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return {
    days: Math.floor(seconds / 86400),
    hours: Math.floor(seconds / 3600) % 24,
    minutes: Math.floor(seconds / 60) % 60,
    seconds: seconds % 60,
  };
}

/**
 * Counts down to `deadline` (ms on this device's clock). `tick` gets what is left, `over` is called once.
 * Returns the way to stop it.
 */
export function countDown(deadline: number, tick: (left: TimeLeft) => void, over: () => void): () => void {
  const step = (): void => {
    const left = deadline - Date.now();
    tick(timeLeft(left));
    if (left > 0) return;
    clearInterval(timer);
    over();
  };
  const timer = setInterval(step, 1000);
  queueMicrotask(step);
  return () => clearInterval(timer);
}
