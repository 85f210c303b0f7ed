/**
 * `parlor callbacks test`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { type SampleAnswer, sampleAnswer } from "../callback_answers.ts";
import { CliError } from "../cli_error.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { plainText } from "../plain_text.ts";
import type { Report } from "../report.ts";

/** The longest `CALLBACK_TIMEOUT_SECONDS`, and time to say so, in ms. */
const SAMPLE_MS_MAX = 630_000;

/** Sends a sample. */
export const callbacksSampleCommand = buildCommand({
  docs: { brief: "Send one signed sample to a URL and show what came back" },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        { parse: receiverUrl, placeholder: "url", brief: "A receiver's URL" },
      ],
    },
    flags: COMMON_FLAGS,
  },
  async func(
    this: CommandScope,
    flags: CommonFlags,
    url: string,
  ): Promise<void> {
    const api = await this.connectOrOpen(flags, { answerMsMax: SAMPLE_MS_MAX });
    const answer = await api.post(
      "/management/callbacks/test",
      { url },
      sampleAnswer,
    );
    const report = this.report(flags);
    report.print(answer, () => linesOf(report, answer));
    if (!answer.ok) {
      throw new CliError(`The sample did not arrive: ${answer.error}`);
    }
  },
});

function linesOf(report: Report, answer: SampleAnswer): string[] {
  const { status, milliseconds, response } = answer;
  const fields = report.fields([
    ["status", status === null ? "-" : `${status}`],
    ["milliseconds", `${milliseconds}`],
  ]);
  if (response === "") return fields;
  const lines = response.replace(/\r?\n$/, "").split(/\r?\n/);
  return [...fields, "", ...lines.map(plainText)];
}

function receiverUrl(input: string): string {
  const { protocol } = URL.parse(input) ?? {};
  if (protocol === "http:" || protocol === "https:") return input;
  throw new SyntaxError("want a URL that begins with http:// or https://");
}
