import assert from "node:assert/strict";
import { COMPLETION_SCRIPTS, SHELLS } from "../../cli/completion_scripts.ts";

/** Runs a script with what it is given on stdin. */
async function shell(
  name: string,
  script: string,
): Promise<{ code: number; out: string; err: string }> {
  const child = new Deno.Command(name, {
    args: ["-s"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

async function isMissing(name: string): Promise<boolean> {
  try {
    await new Deno.Command(name, { args: ["--version"] }).output();
    return false;
  } catch {
    return true;
  }
}

/** Stands in for the program: shows how it was called, and proposes two. */
const STUB = `parlor() { printf '%s|' "$@" >&2; printf 'one\\ntwo words\\n'; }
`;

Deno.test("COMPLETION_SCRIPTS has a script for each shell", () => {
  assert.deepEqual(Object.keys(COMPLETION_SCRIPTS), [...SHELLS]);
  for (const script of Object.values(COMPLETION_SCRIPTS)) {
    assert.match(script, /parlor/);
    assert.match(script, /__complete --/);
  }
});

Deno.test({
  name: "COMPLETION_SCRIPTS registers a completion in bash (needs bash)",
  ignore: await isMissing("bash"),
  async fn() {
    const script = `${COMPLETION_SCRIPTS.bash}\ncomplete -p parlor`;
    assert.deepEqual(await shell("bash", script), {
      code: 0,
      out: "complete -o default -F _parlor parlor\n",
      err: "",
    });
  },
});

Deno.test({
  name:
    "COMPLETION_SCRIPTS asks with the words before the cursor in bash (needs bash)",
  ignore: await isMissing("bash"),
  async fn() {
    const script = `${STUB}${COMPLETION_SCRIPTS.bash}
COMP_WORDS=(parlor rooms "" tail)
COMP_CWORD=2
exec 3>&2
eval "$(declare -f _parlor | sed 's#2> /dev/null#2>\\&3#')"
_parlor
printf '<%s>' "\${COMPREPLY[@]}"
`;
    const { out, err } = await shell("bash", script);
    assert.equal(out, "<one><two words>");
    assert.equal(err, "__complete|--|rooms||");
  },
});

Deno.test({
  name: "COMPLETION_SCRIPTS can be parsed by zsh (needs zsh)",
  ignore: await isMissing("zsh"),
  async fn() {
    const script = `setopt NO_EXEC\n${COMPLETION_SCRIPTS.zsh}`;
    assert.deepEqual(await shell("zsh", script), { code: 0, out: "", err: "" });
  },
});

Deno.test({
  name: "COMPLETION_SCRIPTS registers a completion in fish (needs fish)",
  ignore: await isMissing("fish"),
  async fn() {
    const run = new Deno.Command("fish", {
      args: ["-N", "-c", `${COMPLETION_SCRIPTS.fish}\ncomplete -c parlor`],
    });
    const { code, stdout } = await run.output();
    assert.equal(code, 0);
    assert.match(new TextDecoder().decode(stdout), /__parlor_complete/);
  },
});
