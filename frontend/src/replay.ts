/** A show that is over: the talk comes back in step with the picture. */
import { ReplayFeed } from "./feed";
import type { Player } from "./player";
import type { Room } from "./room";

export async function replay(showId: string, video: HTMLVideoElement, player: Player, room: Room): Promise<void> {
  const feed = new ReplayFeed(showId);
  await feed.load();
  let told = -Infinity;
  const follow = (): void => {
    const now = player.programmeTime;
    if (now === null) return;
    // Going back starts the talk again from the beginning up to here.
    if (now < told) room.clear();
    told = now;
    for (const event of feed.upTo(now)) room.retell(event);
  };
  for (const name of ["timeupdate", "seeked"]) video.addEventListener(name, follow);
}
