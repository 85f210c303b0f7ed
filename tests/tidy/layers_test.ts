import assert from "node:assert/strict";
import { importFault, layerOf, LAYERS, projectPath, ROOT } from "./layers.ts";

Deno.test("layerOf knows the layer of every kind of file", () => {
  const layers = Object.fromEntries(
    [
      "main.ts",
      "cli/commands/top.ts",
      "src/app.ts",
      "src/core.ts",
      "src/config.ts",
      "src/room/room.ts",
      "tests/room/room_test.ts",
    ].map((path) => [path, layerOf(path)]),
  );
  assert.deepEqual(layers, {
    "main.ts": "main",
    "cli/commands/top.ts": "cli",
    "src/app.ts": "app",
    "src/core.ts": "app",
    "src/config.ts": "config",
    "src/room/room.ts": "room",
    "tests/room/room_test.ts": undefined,
  });
});

Deno.test("projectPath takes a path, an absolute path or a URL", () => {
  const absolute = new URL("src/app.ts", ROOT);
  for (const file of ["src/app.ts", absolute.pathname, absolute.href]) {
    assert.equal(projectPath(file), "src/app.ts");
  }
  assert.equal(projectPath("npm:zod@4.6.7"), "npm:zod@4.6.7");
});

Deno.test("importFault lets an import point down or stay", () => {
  const pairs = [
    ["src/room/room.ts", "src/wire/entry.ts"],
    ["src/room/room.ts", "src/room/mailbox.ts"],
    ["src/http/room_routes.ts", "src/store/store.ts"],
    ["src/edge/edge.ts", "src/room/session.ts"],
    ["src/app.ts", "src/config.ts"],
    ["cli/main.ts", "src/app.ts"],
    ["main.ts", "src/app.ts"],
    ["tests/room/room_test.ts", "src/app.ts"],
  ] as const;
  for (const [from, to] of pairs) {
    assert.equal(importFault(from, to), undefined, `${from} → ${to}`);
  }
});

Deno.test("importFault refuses an import that points up or aside", () => {
  const pairs = [
    ["src/base/log.ts", "src/wire/entry.ts"],
    ["src/room/room.ts", "src/store/store.ts"],
    ["src/record/batcher.ts", "src/room/room.ts"],
    ["src/http/auth.ts", "src/edge/edge.ts"],
    ["src/http/auth.ts", "src/config.ts"],
    ["src/jobs/flush.ts", "src/app.ts"],
    ["src/app.ts", "main.ts"],
    ["src/app.ts", "cli/main.ts"],
    ["src/app.ts", "tests/support/fake_clock.ts"],
  ] as const;
  for (const [from, to] of pairs) {
    assert.notEqual(importFault(from, to), undefined, `${from} → ${to}`);
  }
});

Deno.test("importFault asks for a row when a folder has none", () => {
  assert.match(importFault("src/utils/x.ts", "src/base/log.ts") ?? "", /row/);
});

Deno.test("LAYERS names no layer that has no row", () => {
  const named = new Set(Object.values(LAYERS).flat());
  const unknown = [...named].filter((name) => !(name in LAYERS));
  assert.deepEqual(unknown, []);
});
