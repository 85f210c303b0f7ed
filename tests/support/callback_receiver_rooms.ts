/**
 * What a receiver of callbacks knows of rooms: the effect of what it took.
 *
 * @module
 */

/** A JSON object. */
export type Body = Readonly<Record<string, unknown>>;

interface KnownRoom {
  readonly roomId: string;
  name: string | null;
  isClosed: boolean;
  events: number;
  readonly chat: unknown[];
  readonly sessions: unknown[];
  /** Of the newest `PeriodicSync`. */
  info: unknown;
  /** The newest legacy payload. */
  sync: Body | null;
}

/** Rooms by id. */
export class ReceivedRooms {
  readonly #rooms = new Map<string, KnownRoom>();
  /** When legacy payloads came, in epoch ms. */
  readonly #syncedAt: number[] = [];

  /** Takes a body, of a type or without one as the legacy payload is. */
  take(body: Body, at: number): void {
    const room = this.#roomOf(String(body.room_id));
    room.events++;
    switch (body.event_type) {
      case "RoomCreated":
        room.name = String(body.room_name);
        break;
      case "RoomClosed":
        room.isClosed = true;
        break;
      case "ChatHistoryBatch":
        room.chat.push(...listOf(body.messages));
        break;
      case "SessionHistoryBatch":
        room.sessions.push(...listOf(body.sessions));
        break;
      case "PeriodicSync":
        room.info = body.room_info;
        break;
      case undefined:
        room.sync = body;
        this.#syncedAt.push(at);
        break;
    }
  }

  /** One line a room. */
  list(): Body[] {
    return Array.from(this.#rooms.values(), summaryOf);
  }

  /** All of a room. */
  room(roomId: string): Body | undefined {
    const room = this.#rooms.get(roomId);
    if (room === undefined) return undefined;
    return {
      ...summaryOf(room),
      room_info: room.info,
      last_sync: room.sync,
      chat_history: recordsOf(room, "chat"),
      session_history: recordsOf(room, "sessions"),
    };
  }

  /** Totals. */
  stats(now: number): Body {
    const rooms = this.list();
    return {
      total_rooms: rooms.length,
      total_chat_records: sum(rooms, "chat_records"),
      total_session_records: sum(rooms, "session_records"),
      total_events: sum(rooms, "events"),
      today_syncs: this.#syncedAt.filter((at) => at > now - DAY_MS).length,
      timestamp: Math.floor(now / 1000),
    };
  }

  /** Answers a request for what is known. */
  show(pathname: string): Response {
    switch (pathname) {
      case "/health":
        return Response.json({ status: "healthy" });
      case "/rooms":
        return Response.json({ rooms: this.list() });
      case "/stats":
        return Response.json(this.stats(Date.now()));
    }
    const [, id] = /^\/rooms\/([^/]+)$/.exec(pathname) ?? [];
    if (id === undefined) {
      return Response.json({ error: "Not found" }, { status: 404 });
    }
    const room = this.room(decodeURIComponent(id));
    return room === undefined
      ? Response.json({ error: "Room not found" }, { status: 404 })
      : Response.json(room);
  }

  #roomOf(roomId: string): KnownRoom {
    const known = this.#rooms.get(roomId);
    if (known !== undefined) return known;
    const room: KnownRoom = {
      roomId,
      name: null,
      isClosed: false,
      events: 0,
      chat: [],
      sessions: [],
      info: null,
      sync: null,
    };
    this.#rooms.set(roomId, room);
    return room;
  }
}

const DAY_MS = 24 * 60 * 60_000;

function summaryOf(room: KnownRoom): Body {
  return {
    room_id: room.roomId,
    room_name: room.name,
    is_closed: room.isClosed,
    events: room.events,
    chat_records: recordsOf(room, "chat").length,
    session_records: recordsOf(room, "sessions").length,
  };
}

/** What came in batches; without any, what the newest legacy payload has. */
function recordsOf(
  room: KnownRoom,
  kind: "chat" | "sessions",
): readonly unknown[] {
  if (room[kind].length > 0) return room[kind];
  const key = kind === "chat" ? "chat_history" : "session_history";
  return listOf(room.sync?.[key]);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function sum(rooms: readonly Body[], key: string): number {
  return rooms.reduce((total, room) => total + Number(room[key]), 0);
}
