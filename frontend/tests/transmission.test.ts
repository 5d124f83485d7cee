import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Transmission } from "../src/studio/transmission";
import { browserAt, browserGone, camera, Ingest, keptHere, pass, problem, Recorder, settle } from "./ingest";

let server: Ingest;
const broken = vi.fn();

beforeEach(() => {
  browserAt((server = new Ingest()));
  vi.stubGlobal("document", new EventTarget());
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("addEventListener", vi.fn());
  vi.stubGlobal("setInterval", vi.fn());
  broken.mockClear();
});
afterEach(browserGone);

async function sending(): Promise<Transmission> {
  const transmission = new Transmission("nangok", { connection: () => undefined, broken });
  await transmission.start("k", camera());
  return transmission;
}

async function films(...pieces: string[]): Promise<void> {
  for (const piece of pieces) {
    await pass(250);
    Recorder.running[0]?.gives(piece);
    await settle();
  }
}

it("sends nothing more once it is abandoned, though the connection comes back", async () => {
  const transmission = await sending();
  server.down = true;
  await films("a");
  const stopped = transmission.stop();
  await pass(3000);
  transmission.abandon();
  server.down = false;
  await pass(5000);
  await stopped;
  expect(server.pictures).toEqual([""]);
  expect(await keptHere()).toEqual([[1, "a"]]);
  expect(transmission.isSending).toBe(false);
  expect(broken).not.toHaveBeenCalled();
});

it("says why it broke", async () => {
  const transmission = await sending();
  server.instead = () => problem(403, "ingest-key-wrong");
  await films("a");
  expect(broken.mock.calls).toEqual([["ingest-key-wrong"]]);
  expect(transmission.isSending).toBe(false);
});

it("leaves it to the room to say that the show is over", async () => {
  const transmission = await sending();
  server.instead = () => problem(409, "show-over");
  await films("a");
  expect(broken).not.toHaveBeenCalled();
  expect(transmission.isSending).toBe(false);
  expect(await keptHere()).toEqual([]);
});

it("ends its epoch when another device took over, so that nobody waits for it", async () => {
  const transmission = await sending();
  await films("a");
  await pass(5000);
  const now = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
  server.begun("of another device");
  for (const epoch of server.epochs) epoch.closed = true;
  await films("b", "c");
  await settle();
  now.mockRestore();
  expect(broken.mock.calls).toEqual([["taken-over"]]);
  expect(server.epochs[2]?.closed).toBe(true);
  expect(transmission.isSending).toBe(false);
});
