/**
 * Loaded before a program: on SIGUSR2 it gives back all memory that it does not
 * use. It needs `--v8-flags=--expose-gc`.
 *
 * @module
 */

interface Collecting {
  readonly gc: (options: { type: "major"; flavor: "last-resort" }) => void;
}

const { gc } = globalThis as unknown as Collecting;

Deno.addSignalListener("SIGUSR2", () => {
  gc({ type: "major", flavor: "last-resort" });
});
