/**
 * A supervisor over a fake source, fake rooms and a fake database.
 *
 * @module
 */

import { Metrics } from "../../src/base/metrics.ts";
import {
  Supervisor,
  type SupervisorOptions,
} from "../../src/live/supervisor.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeLiveRooms } from "../support/fake_live_rooms.ts";
import { FakeLiveStore } from "../support/fake_live_store.ts";
import { FakeSource } from "../support/fake_source.ts";
import { RecordingLog } from "../support/recording_log.ts";

let owners = 0;

/** What a test has in its hand. */
export interface World {
  readonly supervisor: Supervisor;
  readonly source: FakeSource;
  readonly clock: FakeClock;
  readonly store: FakeLiveStore;
  readonly rooms: FakeLiveRooms;
  readonly log: RecordingLog;
  readonly metrics: Metrics;
}

/** A supervisor that is not started; parts can be those of another world. */
export function newWorld(options: Partial<SupervisorOptions> & {
  readonly clock?: FakeClock;
  readonly store?: FakeLiveStore;
  readonly rooms?: FakeLiveRooms;
} = {}): World {
  const clock = options.clock ?? new FakeClock();
  const store = options.store ?? new FakeLiveStore();
  const rooms = options.rooms ?? new FakeLiveRooms();
  const source = new FakeSource();
  const log = new RecordingLog();
  const metrics = new Metrics();
  const owner = `owner-${owners++}`;
  const supervisor = new Supervisor({
    sources: new Map([[source.name, source]]),
    defaultSource: "fake",
    ids: { uuid: () => owner, fraction: () => 0.5 },
    metrics,
    linksMax: 200,
    backoffJitter: 0,
    stallMs: 120_000,
    pingMs: 0,
    isFollowing: false,
    ...options,
    clock,
    store,
    rooms,
    log,
  });
  return { supervisor, source, clock, store, rooms, log, metrics };
}

/** What something comes to, while time goes on. */
export async function during<Value>(
  clock: FakeClock,
  ms: number,
  work: Promise<Value>,
): Promise<PromiseSettledResult<Value>> {
  const settled = Promise.allSettled([work]);
  await clock.advance(ms);
  const [result] = await settled;
  return result;
}

/** A live room that is connected. */
export async function addLive(world: World, liveId = "1"): Promise<void> {
  await world.supervisor.add(liveId);
  world.source.of(liveId).open();
}
