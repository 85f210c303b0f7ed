/**
 * Why a room cannot be shown (COMPAT 0.4).
 *
 * @module
 */
// deno-lint-ignore-file camelcase
/** @jsxImportSource @hono/hono/jsx */

import type { JSX } from "@hono/hono/jsx/jsx-runtime";
import type { RoomErrorKind } from "../../web/room_error.ts";
import { fill } from "../../web/fill.ts";
import type { Words } from "../../web/words_en.ts";
import { Layout } from "./layout.tsx";
import type { PageRequest } from "./page_request.ts";

/** How each kind looks, and the texts it has. */
const LOOKS: Readonly<
  Record<RoomErrorKind, { sign: string; title: keyof Words; text: keyof Words }>
> = {
  not_found: {
    sign: "🔍",
    title: "errorNotFound",
    text: "errorNotFoundText",
  },
  ended: { sign: "⏰", title: "errorEnded", text: "errorEndedText" },
  no_permission: {
    sign: "🚫",
    title: "errorNoPermission",
    text: "errorNoPermissionText",
  },
  general: { sign: "❌", title: "errorGeneral", text: "errorGeneralText" },
};

interface RoomErrorPageOptions {
  readonly page: PageRequest;
  readonly kind: RoomErrorKind;
  readonly roomId: string;
}

/** `/tools/chat-room-error/{type}/{room_id}/`. */
export function RoomErrorPage(
  { page, kind, roomId }: RoomErrorPageOptions,
): JSX.Element {
  const { words } = page;
  const { sign, title, text } = LOOKS[kind];
  return (
    <Layout page={page} title={words[title]} module="room_error_page">
      <main id="main" class="narrow failure">
        <p class="sign" aria-hidden="true">{sign}</p>
        <h1>{words[title]}</h1>
        <p class="lead">{words[text]}</p>
        <p class="hint room-id">{fill(words.errorRoom, { id: roomId })}</p>
        <p class="actions center">
          <a class="button strong" id="rematch" href="/tools/heart_link/">
            {words.errorRematch}
          </a>
          <a class="button" id="home" href="/">{words.errorHome}</a>
        </p>
        <p class="hint">{words.errorKeys}</p>
      </main>
    </Layout>
  );
}
