/**
 * What one turn says: to all, and to some.
 *
 * Broadcasts are kept once, encoded once per dialect, and most sessions get
 * the same packet. Only a session that was told something of its own, or that
 * came or went within the turn, has a view, and so a packet of its own.
 *
 * @module
 */

import type { Dialect } from "../wire/dialect.ts";
import type { ErrorCode } from "../wire/errors.ts";
import type { RoomEvent } from "../wire/event.ts";
import { Packet, type Said } from "../wire/packet.ts";
import type { BroadcastOptions } from "./room_effects.ts";
import type { Session } from "./session.ts";

/** A broadcast of this turn. */
interface Shared {
  readonly event: RoomEvent;
  readonly droppable: boolean;
  readonly seq: number | null;
  readonly except: Session | undefined;
  readonly said: Map<Dialect, Said>;
}

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
  readonly #packets = new Map<Dialect, Packet>();
  #length = 0;

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

  /** Says something to all, encoding it for the dialects in use. */
  broadcast(
    event: RoomEvent,
    dialects: Iterable<Dialect>,
    { droppable = false, except }: BroadcastOptions = {},
  ): void {
    const seq = event.type === "entry" ? event.entry.seq : null;
    const said = new Map<Dialect, Said>();
    const shared = { event, droppable, seq, except, said };
    for (const dialect of dialects) {
      this.#length += saidIn(shared, dialect).text.length;
    }
    if (except !== undefined) this.#view(except);
    this.#shared.push(shared);
  }

  /** Says something to one session. */
  send(session: Session, event: RoomEvent): void {
    const text = session.dialect.encode(event);
    const said = { text, droppable: false, seq: null };
    this.#view(session).asides.push({ before: this.#shared.length, said });
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
    if (this.#shared.length === 0) return null;
    let packet = this.#packets.get(dialect);
    if (packet === undefined) {
      packet = new Packet(this.#shared.map((one) => saidIn(one, dialect)));
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
      if (shared === undefined || !hears || shared.except === session) continue;
      said.push(saidIn(shared, session.dialect));
    }
    const packet = said.length === 0 ? null : new Packet(said);
    return { packet, close: view.close };
  }

  #view(session: Session): View {
    let view = this.#views.get(session);
    if (view === undefined) {
      const from = this.#audience.has(session) ? 0 : Infinity;
      view = { from, to: Infinity, asides: [], close: undefined };
      this.#views.set(session, view);
    }
    return view;
  }
}

function saidIn(shared: Shared, dialect: Dialect): Said {
  let said = shared.said.get(dialect);
  if (said === undefined) {
    const { event, droppable, seq } = shared;
    said = { text: dialect.encode(event), droppable, seq };
    shared.said.set(dialect, said);
  }
  return said;
}
