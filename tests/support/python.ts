/**
 * A Python for clients that nobody here wrote.
 *
 * @module
 */

/** One that has the packages, when it is not the one on PATH. */
export const PYTHON = Deno.env.get("PARLOR_TEST_PYTHON") ?? "python3";

/** Whether there is a Python that runs some code to its end without an error. */
export function hasPython(code: string): boolean {
  try {
    const python = new Deno.Command(PYTHON, { args: ["-c", code] });
    return python.outputSync().success;
  } catch {
    return false;
  }
}

/** Whether Python's `websockets` is here. */
export function hasWebsockets(): boolean {
  return hasPython("import websockets.sync.client");
}
