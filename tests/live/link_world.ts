/**
 * A link over a fake source and fake rooms, without a supervisor.
 *
 * @module
 */

import type { Link } from "../../src/live/link.ts";
import { Metrics } from "../../src/base/metrics.ts";
import {
  type LinkMakingOptions,
  makeLink,
} from "../../src/live/link_making.ts";
import { LinkRecord } from "../../src/live/link_record.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeLiveRooms } from "../support/fake_live_rooms.ts";
import { FakeSource } from "../support/fake_source.ts";
import { RecordingLog } from "../support/recording_log.ts";

/** What a test has in its hand. */
export interface LinkWorld {
  readonly link: Link;
  readonly record: LinkRecord;
  readonly clock: FakeClock;
  readonly rooms: FakeLiveRooms;
  readonly source: FakeSource;
  readonly log: RecordingLog;
  /** The states that it went through. */
  readonly states: string[];
  /** How often it said that the room is over. */
  readonly ended: () => number;
}

/** A link to live room 7 that has not begun. */
export function newLinkWorld(
  options: Partial<LinkMakingOptions> = {},
): LinkWorld {
  const clock = new FakeClock();
  const rooms = new FakeLiveRooms();
  const source = new FakeSource();
  const log = new RecordingLog();
  const addedAt = clock.now();
  const record = new LinkRecord({ liveId: "7", source: "fake", addedAt });
  const states: string[] = [];
  let endedCount = 0;
  const link = makeLink(source, record, {
    ids: { fraction: () => 0.5 },
    metrics: new Metrics(),
    backoffJitter: 0,
    stallMs: 120_000,
    pingMs: 0,
    isFollowing: false,
    ...options,
    clock,
    rooms,
    log,
    listener: {
      onChange: ({ state }) => {
        if (states.at(-1) !== state) states.push(state);
      },
      onKept: () => {},
      onEnded: () => endedCount += 1,
    },
  });
  return {
    link,
    record,
    clock,
    rooms,
    source,
    log,
    states,
    ended: () => endedCount,
  };
}

/** Lets time go on as a supervisor does, which looks every 5 s. */
export async function watch(
  { clock, link }: LinkWorld,
  ms: number,
): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5000) {
    await clock.advance(5000);
    link.look();
  }
}
