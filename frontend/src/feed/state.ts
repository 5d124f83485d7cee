/** Events of a room and the state they add up to: the browser's mirror of golmok/live/{events,state}.py. */

export type Phase = "scheduled" | "live" | "ended";
export type Picture = "flowing" | "stalled" | "none";
export type Role = "viewer" | "merchant" | "helper" | "organiser";

interface At {
  /** Place in the log of its epoch, from 0 without a hole. */
  offset: number;
  /** Programme time, ms UTC. */
  at: number;
}

export type ChatEvent = At & { type: "chat"; id: string; name: string; role: Role; text: string };

export type RoomEvent =
  | (At & { type: "show"; phase: Phase })
  | (At & { type: "picture"; state: Picture })
  | ChatEvent
  | (At & { type: "pin"; product: number })
  | (At & { type: "unpin" })
  | (At & { type: "stock"; variant: number; left: number; closed: boolean })
  | (At & { type: "price"; variant: number; price: number })
  | (At & { type: "order"; name: string; product: number; quantity: number })
  | (At & { type: "viewers"; count: number })
  | (At & { type: "hearts"; count: number });

export interface RoomState {
  epoch: string;
  /** The first chunk not in this state. */
  chunk: number;
  /** The first event not in this state. */
  offset: number;
  /** Programme time of the last event in it, ms UTC. */
  at: number;
  phase: Phase;
  picture: Picture;
  viewers: number;
  hearts: number;
  /** Product. */
  pinned: number | null;
  /** By variant. */
  stock: Readonly<Record<string, { left: number; closed: boolean }>>;
  /** Won, by variant. */
  prices: Readonly<Record<string, number>>;
  chat: readonly ChatEvent[];
}

/** Chunks of one epoch, both ends included. */
export interface EpochRange {
  epoch: string;
  first_chunk: number;
  last_chunk: number;
}

/** `feed/state.json`. */
export interface Snapshot extends RoomState {
  /** Everything there is of the show, oldest epoch first. */
  epochs: EpochRange[];
}

/** `feed/<epoch>/<chunk>.json`, and the data of one server-sent event. */
export interface Chunk {
  epoch: string;
  chunk: number;
  /** Offset of its first event. */
  first: number;
  events: RoomEvent[];
}

/** The same as CHAT_KEPT of the server, so that state and fresh snapshot agree. */
const CHAT_KEPT = 50;

/** A room of which nothing is known yet. */
export const UNKNOWN: RoomState = {
  epoch: "",
  chunk: 0,
  offset: 0,
  at: 0,
  phase: "scheduled",
  picture: "none",
  viewers: 0,
  hearts: 0,
  pinned: null,
  stock: {},
  prices: {},
  chat: [],
};

/** These events do not follow on this state: another epoch, or a hole. */
export class Gap extends Error {}

/** What an event changes; an event of a newer server's type changes nothing here. */
function changes(state: RoomState, event: RoomEvent): Partial<RoomState> {
  switch (event.type) {
    case "show":
      return { phase: event.phase };
    case "picture":
      return { picture: event.state };
    case "chat":
      return { chat: [...state.chat, event].slice(-CHAT_KEPT) };
    case "pin":
      return { pinned: event.product };
    case "unpin":
      return { pinned: null };
    case "stock":
      return { stock: { ...state.stock, [event.variant]: { left: event.left, closed: event.closed } } };
    case "price":
      return { prices: { ...state.prices, [event.variant]: event.price } };
    case "viewers":
      return { viewers: event.count };
    case "hearts":
      return { hearts: event.count };
    default:
      return {};
  }
}

/** The state after `chunk`, a new one. Throws Gap unless it is exactly the next chunk. */
export function applyChunk(state: RoomState, chunk: Chunk): RoomState {
  if (chunk.epoch !== state.epoch || chunk.chunk !== state.chunk || chunk.first !== state.offset)
    throw new Gap(`chunk ${chunk.epoch}:${chunk.chunk} after ${state.epoch}:${state.chunk - 1}`);
  let after = state;
  for (const event of chunk.events) {
    if (event.offset !== after.offset) throw new Gap(`event ${event.offset} where ${after.offset} was expected`);
    after = { ...after, ...changes(after, event), offset: event.offset + 1, at: event.at };
  }
  return { ...after, chunk: chunk.chunk + 1 };
}
