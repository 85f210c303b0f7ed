/**
 * Fields of a message in the chat dialect: seed 0's, and seed 1's beside them.
 *
 * @module
 */

import { z } from "zod";
import type { ChatCommand } from "./command.ts";
import type { Decoded } from "./dialect.ts";
import { MESSAGE_TYPES } from "./entry.ts";
import { fileUrlText } from "./file_url.ts";
import {
  CLIENT_MSG_ID_CHARS_MAX,
  type ClientLimits,
  FILE_NAME_CHARS_MAX,
  SENDER_TYPE_CHARS_MAX,
} from "./limits.ts";
import { boundedText, shortText, trimmedText } from "./text.ts";

/**
 * The fields of `message`.
 *
 * One that says nothing and has no file is passed over, unless its sender
 * waits for a receipt: then it is refused.
 */
export function messageFields(
  limits: ClientLimits,
): z.ZodType<Decoded, unknown> {
  return messageSchema(limits).transform((sent): Decoded => {
    const content = sent.content ?? "";
    const clientMsgId = sent.client_msg_id ?? undefined;
    if (content !== "" || sent.file_url) {
      return { ok: true, command: chatCommand(content, sent) };
    }
    return clientMsgId === undefined
      ? { ok: true, command: null }
      : { ok: false, code: "message_empty", clientMsgId };
  });
}

function messageSchema({ contentCharsMax }: ClientLimits) {
  return z.object({
    content: trimmedText(contentCharsMax).nullish(),
    client_msg_id: boundedText(CLIENT_MSG_ID_CHARS_MAX).nullish(),
    message_type: z.enum(MESSAGE_TYPES).nullish(),
    file_url: fileUrlText().nullish(),
    file_name: shortText(FILE_NAME_CHARS_MAX).nullish(),
    sender_type: shortText(SENDER_TYPE_CHARS_MAX).nullish(),
  });
}

/** A field that has its usual value is left out: most messages have none. */
function chatCommand(
  content: string,
  sent: z.output<ReturnType<typeof messageSchema>>,
): ChatCommand {
  const { client_msg_id: clientMsgId, message_type: messageType } = sent;
  const { file_url: fileUrl, file_name: fileName } = sent;
  const { sender_type: senderType } = sent;
  return {
    type: "chat",
    content,
    ...(clientMsgId ? { clientMsgId } : null),
    ...(messageType && messageType !== "text" ? { messageType } : null),
    ...(fileUrl ? { fileUrl } : null),
    ...(fileName ? { fileName } : null),
    ...(senderType && senderType !== "user" ? { senderType } : null),
  };
}
