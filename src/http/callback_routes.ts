/**
 * Callbacks in the operator's hands: how endpoints do, holding one back, what
 * was given up, delivering again, and trying a receiver.
 *
 * @module
 */

import { type Context, Hono } from "@hono/hono";
import { z } from "zod";
import type { ReplayQuery } from "../callback/outbox.ts";
import { ENDPOINT_NAMES } from "../wire/callback.ts";
import { endpointBody, letterBody } from "./callback_body.ts";
import {
  boundedId,
  cappedInteger,
  epochSecs,
  httpUrl,
  queryInteger,
} from "./fields.ts";
import type { HttpDeps } from "./http_deps.ts";
import type { CallbackDesk, DeadLetters } from "./ports.ts";
import { readBody, readParam, readQuery } from "./request_input.ts";

type CallbackRoutesDeps = Pick<
  HttpDeps,
  "callbacks" | "letters" | "samples" | "clock"
>;

/** Most events that one request delivers again. */
const REPLAY_MAX = 10_000;

const ENDPOINT = z.enum(ENDPOINT_NAMES);

const DEAD_QUERY = z.object({
  endpoint: ENDPOINT.optional(),
  after: queryInteger(0, Number.MAX_SAFE_INTEGER).default(0),
  limit: cappedInteger(1000).default(100),
});
type DeadQuery = z.infer<typeof DEAD_QUERY>;

// A misspelled key would deliver more again than was meant.
const REPLAY = z.strictObject({
  id: boundedId.optional(),
  room_id: boundedId.optional(),
  from: epochSecs.optional(),
  to: epochSecs.optional(),
  endpoint: ENDPOINT.optional(),
  after: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  delivered: z.boolean().default(false),
}).refine(
  ({ id, room_id, from, to }) =>
    [id, room_id, from, to].some((one) => one !== undefined),
  "want at least one of id, room_id, from, to",
).refine(
  ({ from = 0, to = Infinity }) => from <= to,
  { path: ["from"], message: "want a second that is not after to" },
).transform((body): Omit<ReplayQuery, "limit" | "now"> => ({
  ...(body.id === undefined ? {} : { id: body.id }),
  ...(body.room_id === undefined ? {} : { roomId: body.room_id }),
  ...(body.from === undefined ? {} : { fromAt: body.from * 1000 }),
  // All of the last second belongs to it.
  ...(body.to === undefined ? {} : { toAt: body.to * 1000 + 999 }),
  ...(body.endpoint === undefined ? {} : { endpoint: body.endpoint }),
  ...(body.after === undefined ? {} : { afterNumber: body.after }),
  delivered: body.delivered,
}));

const TEST = z.strictObject({ url: httpUrl });

/** `/management/callbacks`. */
export function callbackRoutes(deps: CallbackRoutesDeps): Hono {
  const { callbacks, letters, samples, clock } = deps;
  const app = new Hono()
    .get("/", async (c) => {
      const all = await callbacks.status();
      const now = clock.now();
      return c.json({ endpoints: all.map((one) => endpointBody(one, now)) });
    })
    .get(
      "/dead",
      async (c) => c.json(await deadPage(letters, readQuery(c, DEAD_QUERY))),
    )
    .post("/replay", async (c) => {
      const wanted = await readBody(c, REPLAY);
      const query = { ...wanted, limit: REPLAY_MAX, now: clock.now() };
      const { replayed, lastNumber } = await letters.replay(query);
      callbacks.wake();
      const next = replayed === REPLAY_MAX ? lastNumber : null;
      return c.json({ replayed, next });
    })
    .post("/test", async (c) => {
      const { url } = await readBody(c, TEST);
      const result = await samples.send(url);
      const { ok, status, error, milliseconds, response } = result;
      return c.json({ ok, status, error, milliseconds, response });
    });
  for (const action of ["enable", "pause", "resume"] as const) {
    app.post(`/:endpoint/${action}`, (c) => steer(c, deps, action));
  }
  return app;
}

async function steer(
  c: Context,
  { callbacks, clock }: CallbackRoutesDeps,
  action: keyof Pick<CallbackDesk, "enable" | "pause" | "resume">,
): Promise<Response> {
  const name = readParam(c, "endpoint", boundedId);
  const status = await callbacks[action](name);
  return c.json(endpointBody(status, clock.now()));
}

async function deadPage(letters: DeadLetters, query: DeadQuery) {
  const { after: afterNumber, endpoint, limit } = query;
  // One more than asked tells whether there is more.
  const found = await letters.dead({
    ...(endpoint === undefined ? {} : { endpoint }),
    afterNumber,
    limit: limit + 1,
  });
  const page = found.slice(0, limit);
  const hasMore = found.length > limit;
  return {
    dead: page.map(letterBody),
    next: hasMore ? page.at(-1)?.event.number ?? null : null,
  };
}
