/** PortOne's payment window: over the page on a desktop; on a phone the page goes there and comes back. */

export interface PortOneWindow {
  script: string;
  request: Record<string, unknown>;
}

interface Told {
  code?: string;
  message?: string;
}

declare global {
  var PortOne: { requestPayment(request: Record<string, unknown>): Promise<Told | undefined> } | undefined;
}

/** Opens the window of the loaded script; what it told, in the words in which a phone comes back to `address`. */
export async function openPortOne({ request }: PortOneWindow, address: string): Promise<Record<string, string>> {
  if (!globalThis.PortOne) throw new Error("the script brought no PortOne");
  const told = (await globalThis.PortOne.requestPayment({ ...request, redirectUrl: address })) ?? {};
  return Object.fromEntries(Object.entries(told).filter(([, value]) => typeof value === "string"));
}
