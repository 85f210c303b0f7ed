import assert from "node:assert/strict";
import { generateHelpTextForAllCommands } from "@stricli/core";
import { commandLine } from "../../cli/command_line.ts";
import { FakeCli } from "../support/fake_cli.ts";

type Documented = Parameters<typeof generateHelpTextForAllCommands>[0];

/** Names with their help. Help needs no context, whatever the type says. */
const HELP = generateHelpTextForAllCommands(
  commandLine as unknown as Documented,
);

/** Commands that print no data. */
const WITHOUT_JSON = ["parlor completions", "parlor help"];
/** Commands that ask no server. */
const WITHOUT_SERVER = [
  ...WITHOUT_JSON,
  "parlor version",
  "parlor config check",
];

Deno.test("commandLine has these commands", () => {
  assert.deepEqual(HELP.map(([name]) => name), [
    "parlor rooms list",
    "parlor rooms show",
    "parlor rooms create",
    "parlor rooms close",
    "parlor admins set",
    "parlor bans list",
    "parlor bans add",
    "parlor bans remove",
    "parlor mutes list",
    "parlor mutes add",
    "parlor mutes remove",
    "parlor devices list",
    "parlor devices show",
    "parlor devices disconnect",
    "parlor devices watch",
    "parlor live start",
    "parlor live stop",
    "parlor live retry",
    "parlor live status",
    "parlor live watch",
    "parlor history",
    "parlor sessions",
    "parlor send",
    "parlor event",
    "parlor flush",
    "parlor pending",
    "parlor status",
    "parlor top",
    "parlor token",
    "parlor callbacks status",
    "parlor callbacks dead",
    "parlor callbacks replay",
    "parlor callbacks pause",
    "parlor callbacks resume",
    "parlor callbacks enable",
    "parlor callbacks test",
    "parlor sync now",
    "parlor cleanup rooms",
    "parlor cleanup heart-links",
    "parlor backup",
    "parlor config check",
    "parlor completions",
    "parlor help",
    "parlor version",
  ]);
});

Deno.test("commandLine gives every command --json, --url and --key-file", () => {
  for (const [name, help] of HELP) {
    const hasJson = /\[--json\]/.test(help);
    assert.equal(hasJson, !WITHOUT_JSON.includes(name), name);
    const hasServer = /\[--url\]/.test(help) && /\[--key-file\]/.test(help);
    assert.equal(hasServer, !WITHOUT_SERVER.includes(name), name);
  }
});

Deno.test("commandLine gives every command --help", async () => {
  for (const [name] of HELP) {
    const words = name.split(" ").slice(1);
    const { code, out, err } = await new FakeCli().run(...words, "--help");
    assert.deepEqual([name, code, err], [name, 0, ""]);
    assert(out.startsWith(`USAGE\n  ${name}`), out);
  }
});

Deno.test("commandLine tells what a command takes", async () => {
  const { out } = await new FakeCli().run("bans", "add", "-h");
  assert.equal(
    out,
    `USAGE
  parlor bans add <room> <user>
  parlor bans add --help

Ban a user, for good or --for a time

FLAGS
     [--json]      Print JSON to stdout, for programs                          [default = false]
     [--url]       The server's address, instead of PARLOR_URL or BIND_ADDRESS
     [--key-file]  A file with the key, instead of ADMIN_API_KEY
     [--for]       How long, such as 90s, 10m, 2h or 7d; for good without it
  -h  --help       Print help
      --           Take all that follows as arguments

ARGUMENTS
  room  The room's id
  user  The user's id
`,
  );
});
