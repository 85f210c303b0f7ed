/**
 * What the command line says about itself and about mistakes in its use.
 *
 * @module
 */

import { type ApplicationText, text_en } from "@stricli/core";
import { CliError, messageOf } from "./cli_error.ts";
import { plainText } from "./plain_text.ts";

/** The library's texts, with errors on one line each and never a stack. */
export const commandLineText: ApplicationText = {
  ...text_en,
  briefs: {
    ...text_en.briefs,
    argumentEscapeSequence: "Take all that follows as arguments",
  },
  noCommandRegisteredForInput({ input, corrections }) {
    const near = corrections.length === 0
      ? "see parlor help"
      : `did you mean ${corrections.join(" or ")}?`;
    return plainText(`Unknown command "${input}": ${near}`);
  },
  exceptionWhileParsingArguments: (thrown) => plainText(messageOf(thrown)),
  exceptionWhileRunningCommand: failureText,
};

function failureText(thrown: unknown): string {
  if (!(thrown instanceof CliError)) {
    return plainText(`Internal error: ${messageOf(thrown)}`);
  }
  return [thrown.message, ...thrown.details].map(plainText).join("\n");
}
