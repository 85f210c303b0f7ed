/**
 * The part of the server that users see beside rooms: who is there, who is
 * matched, what they upload, what is cleaned up behind them.
 *
 * @module
 */

import type { Clock } from "./base/clock.ts";
import type { Ids } from "./base/ids.ts";
import type { Log } from "./base/log.ts";
import type { Metrics } from "./base/metrics.ts";
import type { Yield } from "./base/turn.ts";
import { ChatNews } from "./chat_news.ts";
import type { Config } from "./config.ts";
import type { EnterableRooms } from "./edge/chat_gate.ts";
import type { LinkLookUp } from "./edge/presence_endpoint.ts";
import { PushHub } from "./edge/push_hub.ts";
import type { CleanupDesk } from "./http/cleanup_desk.ts";
import type { ChatRooms } from "./http/ports.ts";
import { requireRoomToMake } from "./http/tools/public_rooms.ts";
import { pageSessionKey, PageSessions } from "./identity/page_session.ts";
import { Cleanup } from "./jobs/cleanup.ts";
import { CleanupFile, noCleanupLog } from "./jobs/cleanup_log.ts";
import { Explainer } from "./jobs/explanation.ts";
import { RoomPurge } from "./jobs/purge.ts";
import { Reaper } from "./jobs/reaper.ts";
import { RegistryLinkRooms } from "./link_rooms.ts";
import { HeartLinks } from "./match/heart_links.ts";
import type { LinkView } from "./match/link_view.ts";
import { PresenceBook } from "./presence/presence_book.ts";
import type { Recorder } from "./record/recorder.ts";
import { publicRoom } from "./room/public_room.ts";
import { PublicRooms } from "./room/public_rooms.ts";
import type { RoomActor } from "./room/room_actor.ts";
import type { RoomRegistry } from "./room/room_registry.ts";
import type { Store } from "./store/store.ts";
import { DiskUploadFolder } from "./upload/disk_upload_folder.ts";
import { Uploads } from "./upload/uploads.ts";
import type { Person } from "./wire/person.ts";
import type { PushFrame } from "./wire/presence_frame.ts";

/** What it works with. */
export interface ChatOptions {
  readonly adminApiKey: string;
  readonly config: Config;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Whether a command stands in for the server. */
  readonly isOffline?: boolean;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly recorder: Recorder;
  readonly registry: RoomRegistry;
  readonly store: Store;
  readonly yield: Yield;
}

/** The rooms as users find them, over HTTP and by a socket. */
export interface UserRooms extends ChatRooms, EnterableRooms {
  makePublic(roomId: string, person: Person): RoomActor | undefined;
}

/** Its parts. */
export interface Chat {
  readonly cleanup: Cleanup;
  /** Cleaning up by hand. */
  readonly desk: CleanupDesk;
  readonly hub: PushHub;
  readonly linkLookUp: LinkLookUp;
  readonly links: HeartLinks;
  readonly news: ChatNews;
  readonly presence: PresenceBook;
  readonly purge: RoomPurge;
  readonly rooms: UserRooms;
  readonly sessions: PageSessions;
  readonly uploads: Uploads;
  /** To be called once the rooms are back. */
  start(): Promise<void>;
  /** Stops every timer and writes who was there. */
  stop(): Promise<void>;
}

/** Puts the parts together. */
export function newChat(options: ChatOptions): Chat {
  const { config, registry, store } = options;
  const hub = new PushHub();
  const links = new HeartLinks({
    ...options,
    rooms: new RegistryLinkRooms(registry),
    push: hub,
  });
  const presence: PresenceBook = new PresenceBook({
    ...options,
    awayAfterMs: config.chat.awayAfterMs,
    onChange: (userIds) => news.presenceChanged(userIds),
  });
  const news = new ChatNews({
    ...options,
    roomsOf: (userId) => registry.participating(userId),
    factsOf: (userIds) => presence.facts(userIds),
    hub,
  });
  const publicRooms = new PublicRooms(registry, options.ids);
  const uploads = newUploads(options);
  options.metrics.beforeText(() => {
    observe(options.metrics, { links, presence, uploads });
  });
  return {
    ...newCleanup(options, links),
    hub,
    links,
    linkLookUp: {
      linkFrame: async (userId) => linkFrame(await links.status(userId)),
    },
    news,
    presence,
    purge: new RoomPurge({
      ...options,
      store,
      retentionMs: config.reap.retentionMs,
      removeUploads: (roomId) => uploads.removeRoom(roomId),
    }),
    rooms: newRooms(options, publicRooms),
    sessions: new PageSessions({
      ...options,
      key: pageSessionKey({ ...config.auth, adminApiKey: options.adminApiKey }),
      limits: config.client,
    }),
    uploads,
    start: async () => {
      publicRooms.start();
      await presence.start();
      await links.start();
    },
    stop: async () => {
      links[Symbol.dispose]();
      news[Symbol.dispose]();
      await presence.stop();
    },
  };
}

function newUploads({ config, ids }: ChatOptions): Uploads {
  const { dir, totalBytesMax } = config.upload;
  const folder = dir === undefined ? undefined : new DiskUploadFolder(dir);
  return new Uploads({ folder, totalBytesMax, ids });
}

function newCleanup(
  options: ChatOptions,
  links: HeartLinks,
): Pick<Chat, "cleanup" | "desk"> {
  const { recorder, registry, store } = options;
  const { idleMs, logFile } = options.config.reap;
  const reaper = new Reaper({
    ...options,
    deviceTtlMs: options.config.device.roomTtlMs,
    liveTtlMs: options.config.live.roomTtlMs,
    idleMs,
    onReaped: () => options.metrics.roomsReaped.inc(),
    rooms: () => registry.all(),
  });
  const cleanup = new Cleanup({
    ...options,
    reaper,
    idleMs,
    counts: async () => {
      await recorder.flushAll();
      return await store.counts();
    },
    file: logFile === undefined
      ? noCleanupLog
      : new CleanupFile({ ...options, path: logFile }),
  });
  const explainer = new Explainer({
    reaper,
    find: (roomId) => registry.get(roomId),
    stored: async (roomId) => {
      await recorder.flushRoom(roomId);
      return await store.room(roomId);
    },
  });
  const desk: CleanupDesk = {
    idleMinutes: idleMs / 60_000,
    deviceMinutes: options.config.device.roomTtlMs / 60_000,
    liveMinutes: options.config.live.roomTtlMs / 60_000,
    run: (request) => cleanup.run(request),
    explain: (roomId, request) => explainer.explain(roomId, request),
    sweepLinks: async () => {
      const { expired } = await links.sweep();
      const { pending, matched } = links.counts;
      return { expired, pending, matched };
    },
  };
  return { cleanup, desk };
}

function newRooms(
  { recorder, registry, store }: ChatOptions,
  publicRooms: PublicRooms<RoomActor>,
): UserRooms {
  return {
    all: () => registry.all(),
    create: (spec) => registry.create(spec),
    find: (roomId) => publicRooms.get(roomId),
    get: (roomId) => publicRooms.get(roomId),
    hasEnded: async (roomId) => {
      await recorder.flushRoom(roomId);
      const room = await store.room(roomId);
      return room?.status === "ended" && publicRooms.noteUsed(roomId);
    },
    makePublic: (roomId, person) => {
      const isOwn = publicRoom(roomId, person)?.pinned === null;
      if (isOwn) requireRoomToMake(registry, person.userId);
      return publicRooms.make(roomId, person);
    },
    participating: (userId) => registry.participating(userId),
  };
}

/** Shows what is counted elsewhere. */
function observe(
  metrics: Metrics,
  { links, presence, uploads }: Pick<Chat, "links" | "presence" | "uploads">,
): void {
  for (const [state, count] of Object.entries(presenceStates(presence))) {
    metrics.presence.set({ state }, count);
  }
  const { pending, matched, refused, turnsFailed: failed } = links.counts;
  const states = { pending, matched, refused, failed };
  for (const [state, count] of Object.entries(states)) {
    metrics.heartLinks.set({ state }, count);
  }
  metrics.uploadBytes.set(uploads.totalBytes);
}

function presenceStates({ counts }: PresenceBook) {
  const { online, held, unwritten, forgotten, untracked } = counts;
  return { online, held, unwritten, forgotten, untracked };
}

/** What a page that connects is told; nothing of what is over. */
function linkFrame(view: LinkView): PushFrame | null {
  switch (view.status) {
    case "not_found":
    case "expired":
    case "cancelled":
      return null;
    case "pending": {
      const { requestId, number, status } = view;
      const room = { roomId: null, partner: null };
      return { type: "heart_link", status, requestId, number, ...room };
    }
    case "matched": {
      const { requestId, number, status, roomId, partner } = view;
      return {
        type: "heart_link",
        status,
        requestId,
        number,
        roomId,
        partner,
      };
    }
  }
}
