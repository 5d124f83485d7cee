import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { connectionOf, wasTakenOver } from "../src/studio/connection";
import { constraintsFor, otherCamera, troubleOf } from "../src/studio/devices";
import { Hold } from "../src/studio/hold";
import { loudness } from "../src/studio/meter";
import type { Product } from "../src/goods";
import { nextProduct } from "../src/studio/now";
import { clock, say, teach } from "../src/words";
import { pageIn } from "./page";

describe("the words about the connection", () => {
  it.each([
    ["sending", 300, "good"],
    ["sending", 1999, "good"],
    ["catching-up", 2000, "slow"],
    ["catching-up", 5999, "slow"],
    ["catching-up", 6000, "weak"],
    ["offline", 400, "good"],
    ["offline", 1500, "cut"],
    ["offline", 60_000, "cut"],
    ["idle", 0, "idle"],
    ["stopped", 9000, "idle"],
  ] as const)("%s with %i ms waiting is %s", (state, queuedMs, level) => {
    expect(connectionOf({ state, queuedMs, full: false, lost: 0 }).level).toBe(level);
  });

  it("counts what waits in whole seconds", () => {
    expect(connectionOf({ state: "offline", queuedMs: 9600, full: false, lost: 0 }).seconds).toBe(10);
  });

  it("says that nothing more fits, whatever the connection is like", () => {
    const told = { queuedMs: 600_000, full: true, lost: 0 };
    expect(connectionOf({ state: "offline", ...told }).level).toBe("full");
    expect(connectionOf({ state: "catching-up", ...told }).level).toBe("full");
    expect(connectionOf({ state: "stopped", ...told }).level).toBe("idle");
  });

  it("says that some of the picture is gone, and goes on", () => {
    expect(connectionOf({ state: "sending", queuedMs: 0, full: false, lost: 3 })).toEqual({
      level: "good",
      seconds: 0,
      lost: true,
    });
  });

  it.each(["ko", "en"] as const)("has words for every level in %s", (lang) => {
    pageIn(lang);
    const read = (language: string): string => readFileSync(`golmok/messages/${language}/studio.ftl`, "utf8");
    teach({ ko: read("ko"), en: read("en") });
    for (const level of ["slow", "weak", "cut", "full"]) {
      expect(say(`studio-connection-${level}`)).not.toBe("");
      expect(say(`studio-connection-${level}-detail`, { seconds: 9 })).toContain("9");
    }
    vi.unstubAllGlobals();
  });
});

describe("another device taking the show over", () => {
  it("is an epoch of somebody else between two of ours", () => {
    expect(wasTakenOver(3, 5, 60_000)).toBe(true);
  });

  it("is not our own next epoch, nor our first", () => {
    expect(wasTakenOver(3, 4, 60_000)).toBe(false);
    expect(wasTakenOver(0, 5, 60_000)).toBe(false);
  });

  it("makes the device yield that had been sending, not the one that has just begun", () => {
    expect(wasTakenOver(4, 6, 2000)).toBe(false);
  });
});

describe("press and hold", () => {
  const listen = () => {
    const events = { done: vi.fn(), short: vi.fn(), ask: vi.fn() };
    return { events, hold: new Hold(events) };
  };

  it("ends after the whole time", () => {
    const { events, hold } = listen();
    hold.press();
    hold.expire();
    hold.release();
    hold.click(1);
    expect(events.done).toHaveBeenCalledOnce();
    expect(events.short).not.toHaveBeenCalled();
    expect(events.ask).not.toHaveBeenCalled();
  });

  it("explains itself after a short tap, and ends nothing", () => {
    const { events, hold } = listen();
    hold.press();
    hold.release();
    hold.click(1);
    hold.expire();
    expect(events.short).toHaveBeenCalledOnce();
    expect(events.done).not.toHaveBeenCalled();
  });

  it("forgets a press that slid away", () => {
    const { events, hold } = listen();
    hold.press();
    hold.cancel();
    hold.expire();
    hold.release();
    expect(events.done).not.toHaveBeenCalled();
    expect(events.short).not.toHaveBeenCalled();
  });

  it("asks those who press without a pointer", () => {
    const { events, hold } = listen();
    hold.click(0);
    expect(events.ask).toHaveBeenCalledOnce();
  });
});

describe("cameras", () => {
  it("asks a camera that cannot turn for an upright cut, and a phone for what it turns by itself", () => {
    expect(constraintsFor({ shape: "tall" }).video).toMatchObject({
      width: { ideal: 608, max: 608 },
      height: { ideal: 1080, max: 1080 },
      frameRate: { ideal: 30 },
    });
    expect(constraintsFor({ shape: "tall", turns: true }).video).toMatchObject({ width: { ideal: 1280, max: 1280 } });
    expect(constraintsFor({ shape: "wide" }).video).toMatchObject({
      width: { ideal: 1280, max: 1280 },
      height: { ideal: 720, max: 720 },
    });
  });

  it("turns from front to back and back again", () => {
    expect(otherCamera({ facingMode: "user" }, ["a", "b", "c"])).toEqual({ facing: "environment" });
    expect(otherCamera({ facingMode: "environment" }, ["a", "b"])).toEqual({ facing: "user" });
  });

  it("goes round the list where nobody says what is front", () => {
    expect(otherCamera({ deviceId: "b" }, ["a", "b"])).toEqual({ camera: "a" });
    expect(otherCamera({ deviceId: "a" }, ["a"])).toBeUndefined();
  });

  it.each([
    ["NotAllowedError", "refused"],
    ["NotFoundError", "absent"],
    ["OverconstrainedError", "absent"],
    ["NotReadableError", "busy"],
    ["Whatever", "unknown"],
  ])("%s means %s", (name, trouble) => {
    const error = new Error("no");
    error.name = name;
    expect(troubleOf(error)).toBe(trouble);
  });
});

describe("loudness", () => {
  it("is nothing in silence and everything at full scale", () => {
    expect(loudness(new Float32Array(64))).toBe(0);
    expect(loudness(new Float32Array(64).fill(1))).toBe(100);
  });

  it("puts quiet speech in the middle", () => {
    expect(loudness(new Float32Array(64).fill(0.03))).toBeCloseTo(49, 0);
  });
});

describe("time on air", () => {
  it("counts minutes, then hours, and never backwards", () => {
    expect(clock(724_000)).toBe("12:04");
    expect(clock(3_909_000)).toBe("1:05:09");
    expect(clock(-5000)).toBe("0:00");
  });
});

describe("the next product to hold up", () => {
  const product = (id: number, left: number): Product =>
    ({ id, name: `${id}`, variants: [{ id, left, closed: false }] }) as unknown as Product;
  const [first, gone, last] = [product(1, 5), product(2, 0), product(3, 2)];

  it("starts with the first and passes over what is sold out", () => {
    expect(nextProduct([first, gone, last], undefined)).toBe(first);
    expect(nextProduct([first, gone, last], first)).toBe(last);
  });

  it("goes round, and is nothing when there is no other", () => {
    expect(nextProduct([first, gone, last], last)).toBe(first);
    expect(nextProduct([first, gone], first)).toBeUndefined();
  });
});
