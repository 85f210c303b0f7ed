/**
 * What is asked of a room over HTTP, by its operator and by users, and whether
 * the answer is right.
 *
 * @module
 */

import type { RoomActor } from "../../src/room/room_actor.ts";
import type { Outcome } from "../../src/room/room_input.ts";
import { StoreError } from "../../src/store/store.ts";
import type { OperatorCommand } from "../../src/wire/command.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { one, postCommand } from "./commands.ts";
import { ADMIN, person, USERS } from "./people.ts";
import type { SimWorld } from "./sim_world.ts";
import type { WatchedActor } from "./watched_actor.ts";

/** The operator asks for something. */
export function carryOut(
  wanted: OperatorCommand,
  actor: RoomActor,
  world: SimWorld,
): void {
  const { server } = world;
  actor.operate(wanted).then((outcome) => {
    if (server === world.server) checkAnswer(outcome, actor, world);
  }, (error) => checkRefusal(error, world));
}

/** Someone posts, with or without a connection; often it is that message. */
export function postTo(
  actor: WatchedActor,
  world: SimWorld,
  { content, clientMsgId }: {
    content: string;
    clientMsgId?: string | undefined;
  },
): void {
  const { promises, server } = world;
  const userId = one(world, USERS) ?? ADMIN;
  const author = { ...person(userId), isProven: userId === ADMIN };
  const named = clientMsgId === undefined ? {} : { clientMsgId };
  const chat = { type: "chat", content, ...named } as const;
  const wanted = postCommand(world, actor, chat);
  const send = wanted === chat && clientMsgId !== undefined
    ? { roomId: actor.id, userId, clientMsgId }
    : undefined;
  if (send !== undefined) promises.sent(send);
  actor.post(author, wanted).then((outcome) => {
    if (server !== world.server) return;
    checkAnswer(outcome, actor, world);
    const { id, seq } = outcome;
    if (send === undefined || id === null || seq === null) return;
    promises.acknowledged(send, { id, seq }, world.clock.now());
  }, (error) => {
    checkRefusal(error, world);
    if (send !== undefined) promises.refusedSend(send);
  });
}

/** An answer names an entry that is there, if any. */
function checkAnswer(
  { seq, id, at }: Outcome,
  actor: RoomActor,
  { promises, verdict }: SimWorld,
): void {
  if (seq === null) return;
  const entry = promises.entry(actor.id, seq);
  verdict.check(
    entry?.id === id && entry?.at === at,
    "answers",
    () => `someone was told ${seq} ${id} ${at}, which is not there`,
  );
  promises.safe(actor.id, seq);
}

function checkRefusal(error: unknown, { verdict }: SimWorld): void {
  const isKnown = error instanceof ChatError || error instanceof StoreError;
  verdict.check(
    isKnown && !(error instanceof ChatError && error.code === "internal"),
    "health",
    () => `someone was told ${error}`,
  );
}
