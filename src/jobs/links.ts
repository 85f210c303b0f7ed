/**
 * The guarantee that no heart link stays open past its time.
 *
 * Timers expire requests to the millisecond; this job does what they, or a room
 * that could not take its turn, left undone.
 *
 * @module
 */

import type { Log } from "../base/log.ts";
import type { HeartLinks } from "../match/heart_links.ts";
import type { Job } from "./schedule.ts";

/** Sweeps heart links each minute. */
export function linksJob(links: Pick<HeartLinks, "sweep">, log: Log): Job {
  return {
    name: "links",
    schedule: "* * * * *",
    run: async () => {
      const { expired, endedRooms } = await links.sweep();
      if (expired === 0 && endedRooms === 0) return;
      log.warn("Swept heart links that were left open", {
        event: "links_swept",
        expired,
        rooms: endedRooms,
      });
    },
  };
}
