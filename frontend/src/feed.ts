/** What happens in a show's room, as it happens and as it happened (docs/reference/events.md). */
export { Feed } from "./feed/live";
export { ReplayFeed } from "./feed/replay";
export { applyChunk, Gap } from "./feed/state";
export type { Chunk, ChatEvent, EpochRange, Phase, Picture, Role, RoomEvent, RoomState, Snapshot } from "./feed/state";
