/**
 * Puts a link together with its feed.
 *
 * @module
 */

import type { Ids } from "../base/ids.ts";
import type { Metrics } from "../base/metrics.ts";
import { Ladder } from "./ladder.ts";
import { Link, type LinkOptions } from "./link.ts";
import { LinkFeed } from "./link_feed.ts";
import type { LinkRecord } from "./link_record.ts";
import type { LiveRooms } from "./live_room.ts";
import type { LiveSource } from "./source.ts";

/** Who hears of links. None of these may throw. */
export interface LinkListener {
  /** The status is another, or the room is. */
  onChange(link: Link): void;
  /** Messages are in the log. */
  onKept(link: Link): void;
  onEnded(link: Link): void;
}

export interface LinkMakingOptions
  extends Omit<LinkOptions, "record" | "feed" | "ladder" | "events"> {
  readonly rooms: LiveRooms;
  readonly ids: Pick<Ids, "fraction">;
  readonly metrics: Metrics;
  /** See {@linkcode LadderOptions}. */
  readonly backoffJitter: number;
  readonly listener: LinkListener;
}

/** Makes the link of a record; it does nothing until it is told to. */
export function makeLink(
  source: LiveSource,
  record: LinkRecord,
  options: LinkMakingOptions,
): Link {
  const { ids, backoffJitter, listener } = options;
  const feed = new LinkFeed({
    ...options,
    record,
    events: {
      onPressure: (isFull) => link.hold(isFull),
      onKept: () => listener.onKept(link),
      onRoom: () => listener.onChange(link),
    },
  });
  const ladder = new Ladder({
    jitter: backoffJitter,
    fraction: () => ids.fraction(),
  });
  const link: Link = new Link(source, {
    ...options,
    record,
    feed,
    ladder,
    events: {
      onChange: () => listener.onChange(link),
      onEnded: () => listener.onEnded(link),
    },
  });
  return link;
}
