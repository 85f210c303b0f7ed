/**
 * A receiver of room events that answers each after some ms, and notes when it
 * came. What it noted it tells to whoever asks: see `sink_process.ts`.
 *
 * @module
 */

import { nowMicros } from "./marker.ts";
import { pause } from "./pace.ts";
import { printLine } from "./print.ts";
import { eventKey, type SinkCount, type SinkNotes } from "./sink_process.ts";

const answerMs = Number(Deno.args[0]);

let received = 0;
let lastMicros = 0;
let arrivals = new Map<string, number>();

async function receive(request: Request): Promise<Response> {
  const { event_type: type, user_id: userId } = await request.json();
  lastMicros = nowMicros();
  received += 1;
  const key = eventKey(type, userId);
  if (!arrivals.has(key)) arrivals.set(key, lastMicros);
  await pause(answerMs);
  return new Response("received");
}

/** Tells what was noted, and forgets it. */
function tellNotes(): Response {
  const notes: SinkNotes = { received, lastMicros, arrivals: [...arrivals] };
  received = 0;
  arrivals = new Map();
  return Response.json(notes);
}

function answer(request: Request): Response | Promise<Response> {
  switch (request.method) {
    case "POST":
      return receive(request);
    case "DELETE":
      return tellNotes();
    default:
      return Response.json({ received, lastMicros } satisfies SinkCount);
  }
}

const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  answer,
);
printLine(`Listening on 127.0.0.1:${server.addr.port}`);
