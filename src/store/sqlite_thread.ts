/**
 * Starts the thread that holds a database.
 *
 * The thread's program travels as text inside this one, so that a bundled or
 * compiled Parlor needs no file of its own and no permission to read one. It is
 * started as JavaScript: TypeScript from a blob is type-checked each time it
 * starts wherever the main program is, and its types are out of reach there.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";
import program from "./sqlite_worker.ts" with { type: "text" };
import type { SqliteReply, SqliteRequest } from "./sqlite_protocol.ts";

/** A thread that answers requests in the order they were posted. */
export interface SqliteThread {
  post(request: SqliteRequest): void;
  /** Ends the thread at once, whatever it does. */
  terminate(): void;
}

/** Who is told what a thread says. */
export interface SqliteListener {
  onReply(reply: SqliteReply): void;
  /** The thread ended by itself; nothing follows. */
  onCrash(reason: string): void;
}

/** Starts a thread. The first request it is posted must open a database. */
export function startSqliteThread(listener: SqliteListener): SqliteThread {
  const script = stripTypeScriptTypes(program);
  const blob = new Blob([script], { type: "text/javascript" });
  const url = URL.createObjectURL(blob);
  const worker = new Worker(url, { type: "module", name: "sqlite" });
  worker.onmessage = (event: MessageEvent<SqliteReply>) => {
    URL.revokeObjectURL(url);
    listener.onReply(event.data);
  };
  worker.onmessageerror = () => listener.onCrash("A reply cannot be read");
  worker.onerror = (event) => {
    // Unless it is prevented, the error ends the whole process.
    event.preventDefault();
    listener.onCrash(event.message);
  };
  return {
    post: (request) => worker.postMessage(request),
    terminate: () => {
      URL.revokeObjectURL(url);
      worker.terminate();
    },
  };
}
