/**
 * Who is there: every user with a connection, in memory.
 *
 * Reads of those who are here touch no database and cost the same however many
 * they are. Of those who are gone the database knows, and memory only until it
 * does. What changes is told and written once a second, not once a change.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Person } from "../wire/person.ts";
import type { ChosenStatus, PresenceFacts } from "../wire/presence.ts";
import { ChangeNotices, type OnChange } from "./change_notices.ts";
import { goneFacts, neverHere } from "./gone_facts.ts";
import type { PresenceStore } from "./presence_store.ts";
import { PresenceWriter } from "./presence_writer.ts";
import { SilenceWatch } from "./silence_watch.ts";
import {
  type Instant,
  type OpenedConnection,
  UserPresence,
} from "./user_presence.ts";

/** Most users in memory unless told otherwise. */
const USERS_MAX = 200_000;

export interface PresenceBookOptions {
  readonly store: PresenceStore;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a silent user stays `online`, in ms; 0 is for good. */
  readonly awayAfterMs: number;
  /** Hears who changed, at most once a second, and one notice at a time. */
  readonly onChange: OnChange;
  /** Most users in memory, 1 or more. */
  readonly usersMax?: number;
}

/** What the book holds, and what did not fit. */
export interface PresenceCounts {
  readonly online: number;
  /** Users in memory: those online, and those gone whose row is unwritten. */
  readonly held: number;
  readonly unwritten: number;
  /** Failed writes in a row. */
  readonly writeFailures: number;
  /** Users gone whose row was given up at the bound. */
  readonly forgotten: number;
  /** Connections of users who found no place at the bound: they seem offline. */
  readonly untracked: number;
}

/** The presence of all users. */
export class PresenceBook {
  readonly #options: PresenceBookOptions;
  readonly #usersMax: number;
  readonly #users = new Map<string, UserPresence>();
  readonly #sessions = new Map<string, UserPresence>();
  /** Who is offline and still here, longest gone first. */
  readonly #gone = new Set<UserPresence>();
  readonly #silence: SilenceWatch;
  readonly #notices: ChangeNotices;
  readonly #writer: PresenceWriter;
  #forgotten = 0;
  #untracked = 0;

  constructor(options: PresenceBookOptions) {
    this.#options = options;
    this.#usersMax = options.usersMax ?? USERS_MAX;
    this.#notices = new ChangeNotices(options);
    this.#writer = new PresenceWriter({
      ...options,
      onWritten: (user) => this.#onWritten(user),
    });
    this.#silence = new SilenceWatch({
      ...options,
      onAway: ({ userId }) => this.#notices.note(userId),
    });
  }

  get onlineCount(): number {
    return this.#users.size - this.#gone.size;
  }

  get counts(): PresenceCounts {
    return {
      online: this.onlineCount,
      held: this.#users.size,
      unwritten: this.#writer.pendingCount,
      writeFailures: this.#writer.failures,
      forgotten: this.#forgotten,
      untracked: this.#untracked,
    };
  }

  /**
   * Makes everyone offline that a former run left online, and begins to look
   * for silence. To be called once, before the first connection.
   */
  async start(): Promise<void> {
    await this.#options.store.allOffline();
    this.#silence.start();
  }

  /** Stops every timer and writes what is unwritten. */
  async stop(): Promise<void> {
    this.#silence.stop();
    this.#notices.stop();
    this.#writer.stop();
    await this.#writer.flush();
  }

  /** A connection opened. Its id is unique; one that is known is passed over. */
  connect(connection: OpenedConnection): void {
    if (this.#sessions.has(connection.id)) return;
    const at = this.#instant();
    const user = this.#userOf(connection, at);
    if (user === undefined) {
      this.#untracked += 1;
      return;
    }
    this.#sessions.set(connection.id, user);
    this.#gone.delete(user);
    const isChanged = user.open(connection, at);
    this.#silence.watch(user);
    if (isChanged) this.#onChanged(user);
  }

  /** A connection is gone; one that is not known is passed over. */
  disconnect(connectionId: string): void {
    const user = this.#sessions.get(connectionId);
    if (user === undefined) return;
    this.#sessions.delete(connectionId);
    const isChanged = user.close(connectionId, this.#instant());
    if (!user.isOnline) {
      this.#gone.add(user);
      this.#silence.unwatch(user);
    }
    if (isChanged) this.#onChanged(user);
  }

  /** A client did something on a connection. */
  touch(connectionId: string): void {
    const user = this.#sessions.get(connectionId);
    if (user !== undefined) this.#act(user);
  }

  /**
   * What a user says of themselves, and which of their rooms they look at.
   *
   * `offline` only counts as activity: a user is offline once no connection is
   * left. So is any status of a user without one.
   */
  choose(userId: string, status: ChosenStatus, roomId?: string): void {
    const user = this.#users.get(userId);
    if (user === undefined) return;
    this.#act(user);
    if (!user.isOnline) return this.#writer.mark(user);
    if (status !== "offline" && user.choose(status)) {
      this.#notices.note(userId);
    }
    if (roomId !== undefined && user.turnTo(roomId)) this.#onChanged(user);
  }

  /** A user did something outside any connection. They come online by none. */
  see(person: Person): void {
    const user = this.#userOf(person, this.#instant());
    if (user === undefined) return;
    this.#act(user);
    if (!user.isOnline) this.#writer.mark(user);
  }

  /** What memory knows; `undefined` is nobody who was here of late. */
  of(userId: string): PresenceFacts | undefined {
    return this.#users.get(userId)?.facts();
  }

  /**
   * What is known of users, in the order asked for. Who never was here is
   * offline, with the id for a nickname.
   *
   * @throws what the database throws, for those who are not in memory.
   */
  async facts(userIds: readonly string[]): Promise<PresenceFacts[]> {
    const held = new Map(userIds.map((userId) => [userId, this.of(userId)]));
    const absent = [...held.keys()].filter((userId) => !held.get(userId));
    const gone = await goneFacts(this.#options.store, absent);
    // Memory is asked again: users may have come meanwhile, or have gone.
    return userIds.map((userId) =>
      this.of(userId) ?? held.get(userId) ?? gone.get(userId) ??
        neverHere(userId)
    );
  }

  /**
   * Makes those `away` who were silent for too long.
   *
   * @returns whether there may be more of them: one look has a bound.
   */
  sweep(): boolean {
    return this.#silence.sweep();
  }

  /** Writes what is unwritten now. A failure is logged, not thrown. */
  async flush(): Promise<void> {
    await this.#writer.flush();
  }

  #instant(): Instant {
    const { clock } = this.#options;
    return { now: clock.now(), monotonic: clock.monotonic() };
  }

  /** The user's record, new if need be; `undefined` when there is no place. */
  #userOf(person: Person, at: Instant): UserPresence | undefined {
    const known = this.#users.get(person.userId);
    if (known !== undefined) return known;
    if (this.#users.size >= this.#usersMax && !this.#forgetOne()) {
      return undefined;
    }
    const user = new UserPresence(person, at);
    this.#users.set(user.userId, user);
    this.#gone.add(user);
    return user;
  }

  /** Gives up the row of whoever is gone longest, if anyone is. */
  #forgetOne(): boolean {
    const [user] = this.#gone;
    if (user === undefined) return false;
    this.#forgotten += 1;
    this.#writer.forget(user);
    this.#evict(user);
    return true;
  }

  #evict(user: UserPresence): void {
    this.#gone.delete(user);
    this.#users.delete(user.userId);
  }

  #act(user: UserPresence): void {
    if (user.act(this.#instant())) this.#notices.note(user.userId);
    if (user.isOnline) this.#silence.watch(user);
  }

  #onChanged(user: UserPresence): void {
    this.#notices.note(user.userId);
    this.#writer.mark(user);
  }

  #onWritten(user: UserPresence): void {
    if (this.#gone.has(user)) this.#evict(user);
  }
}
