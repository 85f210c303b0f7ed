/**
 * `parlor live watch`: a live room in the terminal.
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { LiveView } from "../live_view.ts";
import { LiveWatch } from "../live_watch.ts";
import { LIVE } from "../positionals.ts";

/** Watches a live room. */
export const liveWatchCommand = buildCommand({
  docs: {
    brief: "Watch a live room, until the server knows it no more or Ctrl-C",
    fullDescription: "It begins with what was said last and connects again " +
      "by itself. A terminal\nhas the room's numbers at its foot. " +
      "With --json, each frame is a line.",
  },
  parameters: {
    positional: { kind: "tuple", parameters: [LIVE] },
    flags: COMMON_FLAGS,
  },
  async func(
    this: CommandScope,
    flags: CommonFlags,
    liveId: string,
  ): Promise<void> {
    const report = this.report(flags);
    using view = new LiveView(this.cli, { report, isJson: flags.json });
    const watch = new LiveWatch(this.cli, {
      api: await this.connect(flags),
      serverUrl: this.serverUrl(flags),
      liveId,
      view,
    });
    await watch.run();
  },
});
