/** Whether this device was sending a show a moment ago: after a reload it goes on by itself. */

/** A merchant whose browser was closed comes back within minutes; later, a tap is asked for. */
const FRESH_MS = 10 * 60 * 1000;

const nameOf = (show: string): string => `golmok-on-air-${show}`;

export function remember(show: string): void {
  write(() => localStorage.setItem(nameOf(show), String(Date.now())));
}

export function forget(show: string): void {
  write(() => localStorage.removeItem(nameOf(show)));
}

export function wasSending(show: string, now = Date.now()): boolean {
  try {
    return now - Number(localStorage.getItem(nameOf(show)) ?? 0) < FRESH_MS;
  } catch {
    return false;
  }
}

function write(change: () => void): void {
  try {
    change();
  } catch {
    // A browser that keeps nothing asks for one tap more after a reload.
  }
}
