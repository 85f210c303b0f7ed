/**
 * What the API and the socket of live rooms say, as pages read it.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

/** How a link stands. Instants are epoch ms, but for `last_message_time`. */
export interface LinkFacts {
  readonly live_id: string;
  readonly source: string;
  readonly state: string;
  readonly active: boolean;
  readonly reconnect_count: number;
  /** Unix seconds. */
  readonly last_message_time: number;
  readonly retry_at: number | null;
  readonly fault: string | null;
  readonly fault_code: number | null;
  readonly warning: string | null;
}

/** What a room has had so far. */
export interface StatsFacts {
  readonly messages: number;
  readonly chats: number;
  readonly gifts: number;
  readonly likes: number;
  readonly members: number;
  readonly follows: number;
  readonly current_viewers: number | null;
  readonly total_viewers: string | null;
}

/** One link of the list. */
export interface ListedLink extends LinkFacts {
  readonly quality: number | null;
  readonly watchers: number;
  readonly stats: StatsFacts;
  /** 60, the current minute last. */
  readonly messages_per_minute: readonly number[];
}

/** `GET /api/live/status`. */
export interface LiveList {
  readonly active_rooms: readonly string[];
  readonly connections: Readonly<Record<string, ListedLink>>;
}

/** A message as it is read: its number, and what it says. */
export interface LiveItem {
  readonly seq: number;
  readonly at: number;
  /** The number of the first of several messages. */
  readonly from_seq?: number;
  /** How many messages it stands for; absent is one. */
  readonly conflated?: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the socket of a live room says, by type. */
export interface LiveFrames {
  snapshot: {
    readonly type: "snapshot";
    readonly epoch: string;
    readonly last_seq: number;
    readonly recovered: boolean;
    readonly status: LinkFacts & { readonly quality: number | null };
    readonly stats: StatsFacts;
    readonly messages: readonly LiveItem[];
    readonly user: { readonly user_id: string };
  };
  live_message: LiveItem & { readonly type: "live_message" };
  live_status: {
    readonly type: "live_status";
    readonly status: LinkFacts & { readonly quality: number | null };
  };
  live_stats: {
    readonly type: "live_stats";
    readonly stats: StatsFacts;
    readonly watchers: number;
  };
  system: {
    readonly type: "system";
    readonly seq: number;
    readonly message: string;
  };
  room_ended: { readonly type: "room_ended"; readonly seq: number };
  gap: {
    readonly type: "gap";
    readonly from: number;
    readonly to: number;
  };
  message_deleted: { readonly type: "message_deleted"; readonly seq: number };
  custom_event: { readonly type: "custom_event"; readonly seq: number };
  ack: { readonly type: "ack"; readonly client_msg_id: string };
  error: {
    readonly type: "error";
    readonly code: string;
    readonly message: string;
    readonly client_msg_id?: string;
  };
}

/** What one part of a link's quality is, and what it counts. */
export interface QualityPart {
  readonly value: number | null;
  /** 0 to 100. */
  readonly score: number | null;
  readonly weight: number;
}

/** `GET /api/live/{live_id}`, as far as pages read it. */
export interface LinkDetail {
  readonly watchers: number;
  readonly quality: {
    readonly score: number | null;
    readonly parts: Readonly<Record<string, QualityPart>>;
  };
}

/** A page of the log. */
export interface LivePage {
  readonly messages: readonly LiveItem[];
  readonly has_more: boolean;
}
