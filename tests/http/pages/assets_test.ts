import assert from "node:assert/strict";
import { ASSET_TEXTS } from "../../../src/http/pages/asset_texts.ts";
import { Assets } from "../../../src/http/pages/assets.ts";
import { sourceFiles } from "../../tidy/source_files.ts";

Deno.test("Assets strips types, and names modules as they are served", () => {
  const assets = new Assets({
    "a.ts": 'import { b } from "./b.ts";\n' +
      'import type { C } from "./c.ts";\nconst c: C = b;\n',
  });
  const { body, contentType } = assets.get("a.js") ?? {};
  assert.match(body ?? "", /import \{ b \} from "\.\/b\.js";/);
  assert.doesNotMatch(body ?? "", /: C|c\.ts|c\.js/);
  assert.equal(contentType, "text/javascript; charset=utf-8");
  assert.equal(assets.get("a.ts"), undefined);
});

Deno.test("Assets has another version once anything in it changed", () => {
  const one = new Assets({ "a.css": "a {}", "b.css": "b {}" });
  const same = new Assets({ "b.css": "b {}", "a.css": "a {}" });
  const other = new Assets({ "a.css": "a {}", "b.css": "c {}" });
  assert.equal(one.version, same.version);
  assert.notEqual(one.version, other.version);
  assert.equal(one.get("a.css")?.tag, other.get("a.css")?.tag);
  assert.equal(one.url("a.css"), `/assets/${one.version}/a.css`);
});

Deno.test("Assets serves nothing whose type it does not know", () => {
  assert.throws(() => new Assets({ "a.exe": "" }), /no content type for \.exe/);
});

Deno.test("Assets has every module that another one imports", () => {
  const assets = new Assets(ASSET_TEXTS);
  for (const { path } of sourceFiles("src/web/")) {
    const name = path.replace("src/web/", "");
    assert(name in ASSET_TEXTS, `asset_texts.ts has no row for ${name}`);
    const { body = "" } = assets.get(name.replace(".ts", ".js")) ?? {};
    for (const [, imported = ""] of body.matchAll(/from "\.\/([^"]+)"/g)) {
      assert(assets.get(imported), `${name} imports ${imported}`);
    }
  }
});
