/**
 * What is said of a live room, for the tests of dialects.
 *
 * @module
 */

import type { RoomEvent, Welcome } from "../../src/wire/event.ts";
import type { LinkStatus, LiveStats } from "../../src/wire/live.ts";

const AT = Date.UTC(2026, 0, 1);

/** A viewer without a name of their own. */
export const LIVE_WELCOME: Welcome = {
  type: "welcome",
  roomId: "r1",
  user: { userId: "viewer-1", nickname: "viewer-1" },
  isMuted: false,
  sessionId: "s1",
  epoch: "e1",
  lastSeq: 9,
  recovered: false,
};

/** A link with which all is well. */
export const LINK_STATUS: LinkStatus = {
  liveId: "77",
  source: "demo",
  state: "live",
  isActive: true,
  isWanted: true,
  reconnectCount: 0,
  lastMessageAt: AT,
  retryAt: null,
  fault: null,
  faultCode: null,
  warning: null,
  quality: null,
};

/** After one message. */
export const LIVE_STATS: LiveStats = {
  messages: 1,
  chats: 1,
  gifts: 0,
  likes: 0,
  members: 0,
  follows: 0,
  currentViewers: null,
  totalViewers: null,
  totalViewersCount: null,
};

/** Every event that only the live dialect has a word for. */
export const LIVE_EVENTS: readonly RoomEvent[] = [
  {
    type: "live_snapshot",
    welcome: LIVE_WELCOME,
    status: LINK_STATUS,
    stats: LIVE_STATS,
    entries: [],
  },
  { type: "live_status", status: LINK_STATUS },
  { type: "live_stats", stats: LIVE_STATS, watchers: 1 },
  {
    type: "live_burst",
    burst: {
      type: "like",
      fromSeq: 1,
      toSeq: 2,
      id: "id2",
      at: AT,
      messages: 2,
      count: 2,
      text: '{"type":"like"}',
    },
  },
];
