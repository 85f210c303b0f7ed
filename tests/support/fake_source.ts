/**
 * A source that does what a test says.
 *
 * @module
 */

import type {
  LiveSource,
  RoomStatus,
  SourceConnection,
  SourceEnd,
  SourceEvents,
  SourceMessage,
} from "../../src/live/source.ts";

/** A connection that a link asked for. */
export class FakeConnection implements SourceConnection {
  readonly liveId: string;
  readonly events: SourceEvents;
  /** What was asked of it, such as `["pause", "cut"]`. */
  readonly asked: string[] = [];
  /** Whether `close` and `cut` are ignored, as by a source that hangs. */
  isStuck = false;

  constructor(liveId: string, events: SourceEvents) {
    this.liveId = liveId;
    this.events = events;
  }

  get isOver(): boolean {
    return this.asked.includes("close") || this.asked.includes("cut");
  }

  open(): void {
    this.events.onOpen();
  }

  say(...messages: SourceMessage[]): void {
    this.events.onMessages(messages);
  }

  drop(end: SourceEnd = { fault: "closed", code: 1006 }): void {
    this.events.onEnd(end);
  }

  pause(): void {
    this.asked.push("pause");
  }

  resume(): void {
    this.asked.push("resume");
  }

  ping(): void {
    this.asked.push("ping");
  }

  close(): void {
    this.asked.push("close");
    if (!this.isStuck) this.events.onEnd({ fault: "closed", code: 1000 });
  }

  cut(): void {
    this.asked.push("cut");
    if (!this.isStuck) this.events.onEnd({ fault: "closed", code: 1006 });
  }
}

/** A source in a test's hand: live rooms, connections that open by hand. */
export class FakeSource implements LiveSource {
  readonly name: string;
  answersPings = true;
  /** What a check answers, unless `onCheck` is set. */
  answer: RoomStatus = { kind: "live" };
  /** What a check does instead. */
  onCheck:
    | ((liveId: string, signal: AbortSignal) => Promise<RoomStatus>)
    | undefined;
  /** What happens to each new connection, within `connect`. */
  onConnect: ((connection: FakeConnection) => void) | undefined;
  readonly checked: string[] = [];
  readonly connections: FakeConnection[] = [];

  constructor(name = "fake") {
    this.name = name;
  }

  /** The newest connection. */
  get last(): FakeConnection {
    const connection = this.connections.at(-1);
    if (connection === undefined) throw new Error("Nobody connected yet");
    return connection;
  }

  /** The newest connection of a live room. */
  of(liveId: string): FakeConnection {
    const found = this.connections.findLast((one) => one.liveId === liveId);
    if (found === undefined) throw new Error(`Nobody connected to ${liveId}`);
    return found;
  }

  check(liveId: string, signal: AbortSignal): Promise<RoomStatus> {
    this.checked.push(liveId);
    return this.onCheck?.(liveId, signal) ?? Promise.resolve(this.answer);
  }

  connect(liveId: string, events: SourceEvents): SourceConnection {
    const connection = new FakeConnection(liveId, events);
    this.connections.push(connection);
    this.onConnect?.(connection);
    return connection;
  }
}

/** A chat message. */
export function chatOf(content: string, id?: string): SourceMessage {
  const data = { type: "chat", content };
  return { type: "chat", count: 1, data, ...(id === undefined ? {} : { id }) };
}

/** The message that says that a room is over. */
export function endMessage(): SourceMessage {
  return {
    type: "control",
    count: 1,
    data: { type: "control", status: "ended" },
  };
}

/** A check that never answers, whatever is asked of it. */
export function neverAnswers(): Promise<RoomStatus> {
  return new Promise(() => {});
}
