/**
 * What the server counts, in one table.
 *
 * A room, a user or an address is never a label: their number has no bound.
 * README prints the same table.
 *
 * @module
 */

import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** Upper bounds of durations, in s: 50 µs to 10 s. */
const SECONDS = [
  0.00005,
  0.0001,
  0.00025,
  0.0005,
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
  10,
];

/** Every instrument of one server. Two servers in a process have two. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #looks: (() => void | Promise<void>)[] = [];

  readonly connections = this.#gauge(
    "connections",
    "Open WebSocket connections",
  );
  readonly devices = this.#gauge("devices", "Devices that are connected");
  readonly rooms = this.#gauge("rooms", "Rooms in memory");
  readonly framesIn = this.#counter(
    "frames_received_total",
    "Frames that clients sent",
  );
  readonly messagesAccepted = this.#counter(
    "messages_accepted_total",
    "Chat messages that got a number in a room's log",
  );
  readonly relayedIn = this.#labelled(
    "relay_messages_total",
    "Messages that devices sent, by form",
    "form",
  );
  readonly relayedOut = this.#counter(
    "relay_recipients_total",
    "Connections that those were for",
  );
  readonly deliveries = this.#counter(
    "deliveries_total",
    "Messages handed to a connection, several in one frame counted singly",
  );
  readonly framesOut = this.#counter(
    "frames_sent_total",
    "Frames handed to a connection",
  );
  readonly deliveriesDropped = this.#counter(
    "deliveries_dropped_total",
    "Messages not sent to a connection past its soft bound",
  );
  readonly refusals = this.#labelled(
    "refusals_total",
    "Requests, frames and upgrades refused, by error code",
    "code",
  );
  readonly sessionsClosed = this.#labelled(
    "sessions_closed_total",
    "Connections that ended, by close code",
    "code",
  );
  readonly joins = this.#counter("joins_total", "Sessions that joined a room");
  readonly mailboxRefused = this.#labelled(
    "mailbox_refused_total",
    "Inputs refused because a lane of a mailbox was full",
    "lane",
  );
  readonly mailboxDepth = this.#gauge(
    "mailbox_depth",
    "Inputs that wait in all mailboxes",
  );
  readonly turnSeconds = this.#histogram(
    "turn_seconds",
    "Length of one turn of a room",
  );
  readonly turnsFailed = this.#counter(
    "turns_failed_total",
    "Inputs that ended in a bug",
  );
  readonly idempotentHits = this.#counter(
    "sends_repeated_total",
    "Sends answered with the receipt of an earlier one",
  );
  readonly idempotencyEvicted = this.#counter(
    "send_ids_evicted_total",
    "Client message ids forgotten early because a room held too many",
  );
  readonly replays = this.#counter(
    "replays_total",
    "Resumes that read past the memory",
  );
  readonly pendingRecords = this.#gauge(
    "pending_records",
    "Records not yet in the database",
  );
  readonly pendingBytes = this.#gauge(
    "pending_bytes",
    "Their size in the journal",
  );
  readonly journalSeconds = this.#histogram(
    "journal_write_seconds",
    "One journal write",
  );
  readonly journalSyncSeconds = this.#histogram(
    "journal_sync_seconds",
    "One fdatasync",
  );
  readonly journalFailures = this.#counter(
    "journal_failures_total",
    "Failed journal writes",
  );
  readonly flushSeconds = this.#histogram(
    "flush_seconds",
    "One flush to the database",
  );
  readonly flushFailures = this.#counter(
    "flush_failures_total",
    "Failed flushes",
  );
  readonly flushedRecords = this.#counter(
    "flushed_records_total",
    "Records flushed",
  );
  readonly loopLagSeconds = this.#histogram(
    "event_loop_lag_seconds",
    "How late a timer of 100 ms ran",
  );
  readonly presence = this.#labelledGauge(
    "presence",
    "Users online, held in memory, unwritten; forgotten and untracked at the bound",
    "state",
  );
  readonly heartLinks = this.#labelledGauge(
    "heart_links",
    "Requests pending and matched; refused and failed since the start",
    "state",
  );
  readonly roomsReaped = this.#counter(
    "rooms_reaped_total",
    "Rooms ended because their users were gone",
  );
  readonly uploadBytes = this.#gauge(
    "upload_bytes",
    "Bytes of all uploaded files",
  );
  readonly httpRequests = this.#labelled(
    "http_requests_total",
    "HTTP requests answered, by status",
    "status",
  );
  readonly callbacksDelivered = this.#labelled(
    "callbacks_delivered_total",
    "Events that a backend acknowledged, by endpoint",
    "endpoint",
  );
  readonly callbackAttemptsFailed = this.#labelled(
    "callback_attempts_failed_total",
    "Attempts to deliver an event that failed, by endpoint",
    "endpoint",
  );
  readonly callbacksDead = this.#labelled(
    "callbacks_dead_total",
    "Events that were given up and kept as dead letters, by endpoint",
    "endpoint",
  );
  readonly callbacksExpired = this.#counter(
    "callbacks_expired_total",
    "Events that waited too long and were made dead letters",
  );
  readonly callbacksForgotten = this.#counter(
    "callbacks_forgotten_total",
    "Dead letters removed because they were too old",
  );
  readonly callbackSeconds = this.#histogram(
    "callback_seconds",
    "One attempt to deliver an event",
  );
  readonly callbackDelaySeconds = this.#histogram(
    "callback_delay_seconds",
    "From an event to its acknowledgement",
  );
  readonly callbackBacklog = this.#labelledGauge(
    "callback_backlog",
    "Events that wait for an endpoint",
    "endpoint",
  );
  readonly callbackBlocked = this.#labelledGauge(
    "callback_blocked",
    "Whether an endpoint is paused, disabled or failing: 1 if so",
    "endpoint",
  );
  readonly liveLinks = this.#labelledGauge(
    "live_links",
    "Links to live rooms, by state",
    "state",
  );
  readonly liveMessages = this.#labelled(
    "live_messages_total",
    "Messages of live rooms that were kept, by type",
    "type",
  );
  readonly liveDuplicates = this.#counter(
    "live_duplicates_total",
    "Messages of live rooms that had come before",
  );
  readonly liveConflated = this.#counter(
    "live_conflated_total",
    "Messages of live rooms that viewers were told as a sum",
  );
  readonly liveFeedFaults = this.#labelled(
    "live_feed_faults_total",
    "What came from a source and was passed over, by fault",
    "fault",
  );
  readonly liveLinkFaults = this.#labelled(
    "live_link_faults_total",
    "Attempts and connections of links that failed, by fault",
    "fault",
  );
  readonly liveHolds = this.#counter(
    "live_holds_total",
    "Times that a source was held back because a room took no more",
  );

  /** Has something looked at whenever the table is read; it never rejects. */
  beforeText(look: () => void | Promise<void>): void {
    this.#looks.push(look);
  }

  /** The whole table in Prometheus' text format. */
  async text(): Promise<{ body: string; contentType: string }> {
    for (const look of this.#looks) await look();
    const body = await this.#registry.metrics();
    return { body, contentType: this.#registry.contentType };
  }

  #options(name: string, help: string) {
    return { name: `parlor_${name}`, help, registers: [this.#registry] };
  }

  #counter(name: string, help: string): Counter {
    return new Counter(this.#options(name, help));
  }

  #labelled<Label extends string>(
    name: string,
    help: string,
    label: Label,
  ): Counter<Label> {
    return new Counter({ ...this.#options(name, help), labelNames: [label] });
  }

  #gauge(name: string, help: string): Gauge {
    return new Gauge(this.#options(name, help));
  }

  #labelledGauge<Label extends string>(
    name: string,
    help: string,
    label: Label,
  ): Gauge<Label> {
    return new Gauge({ ...this.#options(name, help), labelNames: [label] });
  }

  #histogram(name: string, help: string): Histogram {
    return new Histogram({ ...this.#options(name, help), buckets: SECONDS });
  }
}
