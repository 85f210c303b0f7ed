/**
 * What a room knows of itself, and the one way its log grows.
 *
 * @module
 */

import type { Ids } from "../base/ids.ts";
import type {
  EntryKind,
  EntryPayloads,
  LogEntry,
  RoomSettings,
} from "../wire/entry.ts";
import { ChatError } from "../wire/errors.ts";
import type { Durability } from "../wire/event.ts";
import type { LinkStatus } from "../wire/live.ts";
import type {
  ChatSpec,
  DeviceSpec,
  DurableRecord,
  LiveSpec,
  NewRoom,
  RoomKind,
} from "../wire/record.ts";
import { Penalties, type Penalty } from "./penalties.ts";
import { Presence } from "./presence.ts";
import { RecentLog } from "./recent_log.ts";
import type { TurnContext } from "./room_effects.ts";
import type { Session } from "./session.ts";

/** How long a client should wait when nothing can be stored, in ms. */
export const STORAGE_RETRY_MS = 5000;

/**
 * Most that a room's newest entries weigh in memory, in UTF-16 units. There are
 * ten thousand device rooms where there are a hundred of the others, and what
 * devices send may be as large as a frame.
 */
const RECENT_WEIGHT_MAX: { readonly [Kind in RoomKind]: number } = {
  managed: 8 * 1024 * 1024,
  chat: 8 * 1024 * 1024,
  device: 64 * 1024,
  live: 8 * 1024 * 1024,
};

/** Bounds and habits that all rooms of a server share. */
export interface RoomOptions {
  /** Least time between two messages of one user, in ms; 0 is none. */
  readonly chatIntervalMs: number;
  readonly membersMax: number;
  /** Most sessions of one user; a newer one replaces the oldest. */
  readonly sessionsPerUserMax: number;
  /** The same in rooms of kind `chat`; absent is as in all others. */
  readonly chatSessionsPerUserMax?: number;
  /** The same in rooms of kind `device`. */
  readonly deviceSessionsPerUserMax?: number;
  /** Entries kept in memory for those who resume. */
  readonly recentEntriesMax: number;
  /** Most entries that a resume may ask for. */
  readonly resumeEntriesMax: number;
  /** Most client message ids remembered. */
  readonly sendsMax: number;
  /** Most bans, and most mutes. */
  readonly penaltiesMax: number;
  readonly durability: Durability;
  /** Whether viewers write in rooms of kind `live`; absent is not. */
  readonly isLiveChatOpen?: boolean;
}

/** A room as it starts, new or recovered. */
export interface RoomStart extends NewRoom {
  readonly lastSeq: number;
  readonly peakUsers: number;
  readonly totalJoins: number;
  /** Epoch ms; `null` when nobody spoke yet. */
  readonly lastMessageAt: number | null;
  readonly bans: readonly Penalty[];
  readonly mutes: readonly Penalty[];
  readonly recentSends: readonly LogEntry<"message" | "relay">[];
  /** Since when nobody is here, in epoch ms. */
  readonly emptySinceAt: number;
}

interface DraftOf<Kind extends EntryKind> {
  readonly kind: Kind;
  readonly actor: string | null;
  readonly payload: EntryPayloads[Kind];
}

/** What an entry is made of, before it has a number. */
export type EntryDraft = { [Kind in EntryKind]: DraftOf<Kind> }[EntryKind];

/** The state of one room. */
export class RoomState {
  readonly id: string;
  readonly kind: RoomKind;
  readonly epoch: string;
  readonly createdAt: number;
  readonly autoClose: boolean;
  readonly options: RoomOptions;
  /** The line of rooms it belongs to; `null` unless of kind `device`. */
  readonly device: DeviceSpec | null;
  /** What feeds it; `null` unless of kind `live`. */
  readonly live: LiveSpec | null;
  readonly presence = new Presence();
  /** Sessions that are still sent the log, and so hear nothing else of it. */
  readonly replaying = new WeakSet<Session>();
  readonly recent: RecentLog;
  readonly bans: Penalties;
  readonly mutes: Penalties;
  readonly #ids: Ids;
  /** Who may enter; `null` unless the room is of kind `chat`. */
  chat: ChatSpec | null;
  settings: RoomSettings;
  adminUserIds: ReadonlySet<string>;
  peakUsers: number;
  totalJoins: number;
  lastMessageAt: number | null;
  /** Since when nobody is here, in epoch ms; `null` while someone is. */
  emptySinceAt: number | null;
  /** How the link that feeds it stands; `null` until that was told. */
  linkStatus: LinkStatus | null = null;
  isEnded = false;

  constructor(start: RoomStart, options: RoomOptions, ids: Ids) {
    this.id = start.id;
    this.kind = start.kind;
    this.epoch = start.epoch;
    this.createdAt = start.createdAt;
    this.chat = start.chat ?? null;
    this.device = start.device ?? null;
    this.live = start.live ?? null;
    this.autoClose = start.autoClose;
    this.options = options;
    this.#ids = ids;
    this.recent = new RecentLog({
      lastSeq: start.lastSeq,
      entriesMax: options.recentEntriesMax,
      weightMax: RECENT_WEIGHT_MAX[start.kind],
    });
    this.bans = new Penalties(start.bans);
    this.mutes = new Penalties(start.mutes);
    const { name, slowModeSecs, membersMax, pinned } = start;
    this.settings = { name, slowModeSecs, membersMax, pinned };
    this.adminUserIds = new Set(start.adminUserIds);
    this.peakUsers = start.peakUsers;
    this.totalJoins = start.totalJoins;
    this.lastMessageAt = start.lastMessageAt;
    this.emptySinceAt = start.emptySinceAt;
  }

  get lastSeq(): number {
    return this.recent.lastSeq;
  }

  /**
   * Least time between two messages of one user here, in ms. The server's own
   * is for people: devices are slowed down only where the room says so.
   */
  get chatIntervalMs(): number {
    const { slowModeSecs } = this.settings;
    if (slowModeSecs !== null) return slowModeSecs * 1000;
    return this.kind === "device" ? 0 : this.options.chatIntervalMs;
  }

  /** Most sessions of one user here. */
  get sessionsPerUserMax(): number {
    const { options } = this;
    switch (this.kind) {
      case "chat":
        return options.chatSessionsPerUserMax ?? options.sessionsPerUserMax;
      case "device":
        return options.deviceSessionsPerUserMax ?? options.sessionsPerUserMax;
      default:
        return options.sessionsPerUserMax;
    }
  }

  get membersMax(): number {
    return this.settings.membersMax ?? this.options.membersMax;
  }

  /** A UUID. */
  newId(): string {
    return this.#ids.uuid();
  }

  /**
   * Gives a draft the next number and keeps it.
   *
   * @param also other facts that are kept with it, or not at all.
   * @returns the entry, or `undefined` when it cannot be kept: then the log is
   * as it was.
   */
  append(
    draft: EntryDraft,
    { now, effects }: TurnContext,
    also?: readonly DurableRecord[],
  ): LogEntry | undefined {
    const entry = this.#entryOf(draft, this.lastSeq + 1, now);
    const record: DurableRecord = { type: "entry", entry };
    const records = also === undefined ? [record] : [record, ...also];
    if (!effects.record(records)) return undefined;
    this.recent.push(entry);
    return entry;
  }

  /**
   * Gives drafts the next numbers and keeps them: in one write when all can be
   * kept, otherwise as many from the first on as can be.
   */
  appendAll(drafts: readonly EntryDraft[], context: TurnContext): LogEntry[] {
    const { now, effects } = context;
    const firstSeq = this.lastSeq + 1;
    const entries = drafts.map((draft, index) =>
      this.#entryOf(draft, firstSeq + index, now)
    );
    const isKept = effects.record(entries.map((entry) => {
      return { type: "entry", entry };
    }));
    if (!isKept) return this.#appendSome(drafts, context);
    for (const entry of entries) this.recent.push(entry);
    return entries;
  }

  /**
   * Does the same where nothing else is left to do when it cannot be kept.
   *
   * @throws ChatError `storage_unavailable`.
   */
  require(
    draft: EntryDraft,
    context: TurnContext,
    also?: readonly DurableRecord[],
  ): LogEntry {
    const entry = this.append(draft, context, also);
    if (entry !== undefined) return entry;
    const retryAfterMs = STORAGE_RETRY_MS;
    throw new ChatError("storage_unavailable", { retryAfterMs });
  }

  #appendSome(drafts: readonly EntryDraft[], context: TurnContext): LogEntry[] {
    const entries: LogEntry[] = [];
    // A single one was refused just now.
    if (drafts.length === 1) return entries;
    for (const draft of drafts) {
      const entry = this.append(draft, context);
      if (entry === undefined) break;
      entries.push(entry);
    }
    return entries;
  }

  #entryOf(draft: EntryDraft, seq: number, at: number): LogEntry {
    return { roomId: this.id, seq, id: this.newId(), at, ...draft };
  }
}
