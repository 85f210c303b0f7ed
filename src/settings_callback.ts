/**
 * The settings of callbacks.
 *
 * @module
 */

import { callbackUrl, flag, hostList, integer, secretList } from "./setting.ts";

/** Rows of the table of settings. */
export const CALLBACK_FIELDS = {
  ROOM_EVENT_CALLBACK_URL: callbackUrl("Where room events are sent"),
  CHAT_HISTORY_CALLBACK_URL: callbackUrl("Where batches of messages are sent"),
  SESSION_HISTORY_CALLBACK_URL: callbackUrl(
    "Where batches of stays that ended are sent",
  ),
  PERIODIC_SYNC_CALLBACK_URL: callbackUrl("Where each room's facts are sent"),
  DATA_CALLBACK_URL: callbackUrl(
    "Where each room is sent whole, in the oldest form",
  ),
  CHAT_HISTORY_BATCH_SIZE: integer(
    1000,
    [1, 10_000],
    "Messages of one batch at most",
  ),
  SESSION_HISTORY_BATCH_SIZE: integer(
    500,
    [1, 5000],
    "Stays of one batch at most",
  ),
  CHAT_HISTORY_BATCH_INTERVAL_SECONDS: integer(
    300,
    [1, 86_400],
    "Seconds between two runs of batches of messages",
  ),
  SESSION_HISTORY_BATCH_INTERVAL_SECONDS: integer(
    600,
    [1, 86_400],
    "Seconds between two runs of batches of stays",
  ),
  SYNC_INTERVAL_SECONDS: integer(
    300,
    [0, 86_400],
    "Seconds between two syncs of every room; 0 is off",
  ),
  CALLBACK_MAX_RETRIES: integer(
    3,
    [0, 100],
    "Times that a failed delivery is tried again soon",
  ),
  CALLBACK_RETRY_DELAY_SECONDS: integer(
    5,
    [0, 3600],
    "Seconds before each of those retries",
  ),
  CALLBACK_TIMEOUT_SECONDS: integer(
    30,
    [1, 600],
    "Seconds that one attempt may take, its answer included",
  ),
  CALLBACK_LONG_RETRY: flag(
    true,
    "Whether it is tried on after those: 1 min, doubling to 1 h, for 72 h",
  ),
  CALLBACK_SECRET: secretList(
    "Secrets that callbacks are signed with, by each of them",
  ),
  CALLBACK_ALLOWED_HOSTS: hostList(
    "Hosts that callbacks may go to; empty is any",
  ),
  ROOM_EVENT_EXTRA: flag(
    false,
    "Whether kicks, bans, mutes and deletions are room events too",
  ),
  EVENT_RETENTION_HOURS: integer(
    168,
    [1, 8760],
    "Hours that an event is kept once nobody waits for it",
  ),
};
