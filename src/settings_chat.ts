/**
 * The settings of chat rooms: who is there, what is cleaned up, what is kept.
 *
 * @module
 */

import { integer, path } from "./setting.ts";

const GIB = 2 ** 30;

/** Rows of the table of settings. */
export const CHAT_FIELDS = {
  AWAY_AFTER_SECONDS: integer(
    300,
    [0, 86_400],
    "Seconds of silence after which a connected user is away; 0 is never",
  ),
  CHAT_SESSIONS_PER_USER_MAX: integer(
    10,
    [1, 100],
    "As SESSIONS_PER_USER_MAX, in chat rooms: a page may be open several times",
  ),
  LOGIN_HOURS: integer(
    168,
    [1, 8760],
    "Hours that a login to the pages lasts",
  ),
  CLEANUP_MINUTES: integer(
    10,
    [1, 10_080],
    "Minutes without anybody after which a room is idle",
  ),
  CLEANUP_RETENTION_DAYS: integer(
    0,
    [0, 3650],
    "Days after which an ended room is removed with its messages; 0 is never",
  ),
  CLEANUP_LOG_FILE: path(
    "chat_cleanup.log beside the database file; none for the in-memory one",
    "Where each cleanup is written down",
  ),
  UPLOAD_DIR: path(
    "the database file's path with .uploads at its end",
    "Folder of uploaded files; none are taken without one",
  ),
  UPLOAD_TOTAL_BYTES_MAX: integer(
    10 * GIB,
    [2 ** 20, 1024 * GIB],
    "Bytes of all uploaded files",
  ),
};
