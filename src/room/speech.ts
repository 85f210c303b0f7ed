/**
 * What one turn says: to all, and to some.
 *
 * Broadcasts are kept once, encoded once per dialect, and most sessions get
 * the same packet. Only a session that was told something of its own, or that
 * came or went within the turn, has a view, and so a packet of its own.
 *
 * In a personal dialect the author of an entry has a view too, and the entry
 * is encoded once more, for all sessions of that author.
 *
 * @module
 */

import type { Dialect } from "../wire/dialect.ts";
import type { ErrorCode } from "../wire/errors.ts";
import type { RoomEvent } from "../wire/event.ts";
import { type Frame, Packet, type Said } from "../wire/packet.ts";
import type { BroadcastOptions } from "./room_effects.ts";
import type { Session } from "./session.ts";

/** A broadcast of this turn. */
interface Shared {
  readonly event: RoomEvent;
  readonly droppable: boolean;
  readonly seq: number | null;
  readonly except: readonly Session[];
  readonly authors: readonly Session[];
  /** By dialect; `null` where it has no word for the event. */
  readonly said: Map<Dialect, Said | null>;
  /** The same for its author, in the personal dialects that they speak. */
  own: Map<Dialect, Said | null> | undefined;
}

const NOBODY: readonly Session[] = [];

/** Something said to one session before the broadcast at an index. */
interface Aside {
  readonly before: number;
  readonly said: Said;
}

interface View {
  /** The first broadcast that the session hears, and the first it does not. */
  from: number;
  to: number;
  readonly asides: Aside[];
  /** UTF-16 units and bytes of the asides. */
  asideLength: number;
  close: ErrorCode | undefined;
}

/** What a session with a view gets at the end of the turn. */
export interface OwnPart {
  readonly packet: Packet | null;
  readonly close: ErrorCode | undefined;
}

/** Gathers what one turn says. */
export class Speech {
  readonly #audience: ReadonlySet<Session>;
  readonly #shared: Shared[] = [];
  readonly #views = new Map<Session, View>();
  readonly #packets = new Map<Dialect, Packet | null>();
  #length = 0;
  #asideLengthMax = 0;

  constructor(audience: ReadonlySet<Session>) {
    this.#audience = audience;
  }

  get isEmpty(): boolean {
    return this.#shared.length === 0 && this.#views.size === 0;
  }

  /** Messages said to all so far. */
  get broadcastCount(): number {
    return this.#shared.length;
  }

  /** UTF-16 units said to all so far, in the dialects in use. */
  get broadcastLength(): number {
    return this.#length;
  }

  /** UTF-16 units said to one session alone so far, the most of all. */
  get asideLengthMax(): number {
    return this.#asideLengthMax;
  }

  /**
   * Says something to all, encoding it for the dialects in use. What none of
   * them has a word for is not said.
   */
  broadcast(
    event: RoomEvent,
    dialects: Iterable<Dialect>,
    options: BroadcastOptions = {},
  ): void {
    const { droppable = false, except = NOBODY, authors = NOBODY } = options;
    const seq = options.isLate === true ? null : seqOf(event);
    const shared: Shared = {
      event,
      droppable,
      seq,
      except,
      authors,
      said: new Map(),
      own: undefined,
    };
    let isSaid = false;
    for (const dialect of dialects) {
      const one = saidIn(shared, dialect);
      if (one === null) continue;
      isSaid = true;
      this.#length += one.frame.length;
    }
    if (!isSaid) return;
    for (const session of except) this.#view(session);
    for (const session of authors) {
      if (session.dialect.isPersonal) this.#view(session);
    }
    this.#shared.push(shared);
  }

  /** Says something to one session. */
  send(session: Session, event: RoomEvent): void {
    const frame = session.dialect.encode(event, session.userId);
    if (frame === null) return;
    const said = { frame, droppable: false, seq: seqOf(event) };
    const view = this.#view(session);
    view.asides.push({ before: this.#shared.length, said });
    view.asideLength += frame.length;
    this.#asideLengthMax = Math.max(this.#asideLengthMax, view.asideLength);
  }

  /** The session hears what is said to all from here on. */
  admit(session: Session): void {
    const view = this.#view(session);
    view.from = this.#shared.length;
    view.to = Infinity;
  }

  /** The session hears nothing from here on. */
  dismiss(session: Session, close: ErrorCode | undefined): void {
    const view = this.#view(session);
    view.to = Math.min(view.to, this.#shared.length);
    view.close ??= close;
  }

  hasView(session: Session): boolean {
    return this.#views.has(session);
  }

  viewed(): IterableIterator<Session> {
    return this.#views.keys();
  }

  /** The packet of every session without a view; `null` when nothing was said. */
  sharedPacket(dialect: Dialect): Packet | null {
    let packet = this.#packets.get(dialect);
    if (packet === undefined) {
      const said: Said[] = [];
      for (const one of this.#shared) hear(saidIn(one, dialect), said);
      packet = packetOf(said);
      this.#packets.set(dialect, packet);
    }
    return packet;
  }

  /** The packet of a session with a view. */
  ownPart(session: Session): OwnPart {
    const view = this.#views.get(session);
    if (view === undefined) return { packet: null, close: undefined };
    const said: Said[] = [];
    let aside = 0;
    for (let index = 0; index <= this.#shared.length; index++) {
      for (; view.asides[aside]?.before === index; aside++) {
        const one = view.asides[aside];
        if (one !== undefined) said.push(one.said);
      }
      const shared = this.#shared[index];
      const hears = index >= view.from && index < view.to;
      if (shared === undefined || !hears) continue;
      if (shared.except.includes(session)) continue;
      hear(saidTo(shared, session), said);
    }
    return { packet: packetOf(said), close: view.close };
  }

  #view(session: Session): View {
    let view = this.#views.get(session);
    if (view === undefined) {
      const from = this.#audience.has(session) ? 0 : Infinity;
      view = {
        from,
        to: Infinity,
        asides: [],
        asideLength: 0,
        close: undefined,
      };
      this.#views.set(session, view);
    }
    return view;
  }
}

function seqOf(event: RoomEvent): number | null {
  return event.type === "entry" ? event.entry.seq : null;
}

/** What anyone hears who did not cause it. */
function saidIn(shared: Shared, dialect: Dialect): Said | null {
  let said = shared.said.get(dialect);
  if (said === undefined) {
    said = encoded(shared, dialect.encode(shared.event));
    shared.said.set(dialect, said);
  }
  return said;
}

/** What a session with a view hears. */
function saidTo(shared: Shared, session: Session): Said | null {
  const { dialect, userId } = session;
  const isOwn = dialect.isPersonal && shared.authors.includes(session);
  if (!isOwn) return saidIn(shared, dialect);
  const own = shared.own ??= new Map();
  let said = own.get(dialect);
  if (said === undefined) {
    said = encoded(shared, dialect.encode(shared.event, userId));
    own.set(dialect, said);
  }
  return said;
}

function encoded(
  { droppable, seq }: Shared,
  frame: Frame | null,
): Said | null {
  return frame === null ? null : { frame, droppable, seq };
}

function hear(one: Said | null, said: Said[]): void {
  if (one !== null) said.push(one);
}

function packetOf(said: readonly Said[]): Packet | null {
  return said.length === 0 ? null : new Packet(said);
}
