/**
 * The program's files and texts, for checks that read them as text.
 *
 * @module
 */

import { ROOT } from "./layers.ts";

/** One file, its path from the project's root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** The text of a file of the project; it fails when there is none. */
export function readProjectFile(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

/** Whether the project has this file. */
export function hasFile(path: string): boolean {
  try {
    return Deno.statSync(new URL(path, ROOT)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Every TypeScript file below a folder of the project, by path. */
export function sourceFiles(folder: string): SourceFile[] {
  return pathsBelow(folder)
    .filter((path) => /\.tsx?$/.test(path))
    .sort()
    .map((path) => ({ path, text: readProjectFile(path) }));
}

function pathsBelow(folder: string): string[] {
  const entries = Array.from(Deno.readDirSync(new URL(folder, ROOT)));
  return entries.flatMap(({ name, isDirectory }) =>
    isDirectory ? pathsBelow(`${folder}${name}/`) : [`${folder}${name}`]
  );
}

/** What the program consists of: `src/`, `cli/` and `main.ts`. */
export function programFiles(): SourceFile[] {
  const main = { path: "main.ts", text: readProjectFile("main.ts") };
  return [main, ...sourceFiles("src/"), ...sourceFiles("cli/")];
}

/**
 * The rows of a Markdown text's tables that begin with a name in backticks, by
 * that name.
 */
export function tableRows(markdown: string): Map<string, string> {
  const rows = markdown.matchAll(/^\| *`([^`]+)`.*\|$/gm);
  return new Map(Array.from(rows, ([row, name = ""]) => [name, row]));
}
