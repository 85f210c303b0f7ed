/**
 * A process that removes old rooms once and ends, to be killed while it does.
 *
 * It reads the server's settings, and prints a line when it begins and one
 * when it is done.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- A program that prints.

import { SystemClock } from "../../src/base/clock.ts";
import { systemIds } from "../../src/base/ids.ts";
import { nextTurn } from "../../src/base/turn.ts";
import { readConfig } from "../../src/config.ts";
import { openCore } from "../../src/core.ts";
import { RecordingLog } from "./recording_log.ts";
import { TEST_KEY } from "./test_app.ts";

if (import.meta.main) {
  const core = await openCore({
    config: readConfig(Deno.env.toObject()),
    adminApiKey: TEST_KEY,
    clock: new SystemClock(),
    ids: systemIds,
    yield: nextTurn,
    log: new RecordingLog(),
  });
  console.log("begins");
  const { removed, failed } = await core.chat.purge.run();
  console.log(`removed ${removed}, failed ${failed}`);
  await core.stop({ flushMsMax: 1000, callbackMsMax: 0 });
  Deno.exit(0);
}
