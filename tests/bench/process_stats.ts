/**
 * What a process has used, as Linux counts it.
 *
 * @module
 */

/** Ticks of `/proc/<pid>/stat` in a second: the same on every Linux. */
const TICKS_PER_SEC = 100;

/** Fields of `/proc/<pid>/stat` after the name: user and system ticks. */
const USER_INDEX = 11;
const SYSTEM_INDEX = 12;

/** Why nothing can be read here; `undefined` where it can. */
export function statsFault(): string | undefined {
  const { os } = Deno.build;
  return os === "linux" ? undefined : `needs /proc, which ${os} does not have`;
}

/** Processor time used so far by all threads, in s, to 0.01 s. */
export function cpuSecs(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  // The name is in brackets and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[USER_INDEX]) + Number(fields[SYSTEM_INDEX]);
  return ticks / TICKS_PER_SEC;
}

/** Memory that is resident, in bytes. */
export function residentBytes(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kilobytes === undefined) {
    throw new Error(`Cannot read VmRSS of process ${pid}`);
  }
  return Number(kilobytes) * 1024;
}

/** Most files, sockets among them, that a child of this process may open. */
export function openFilesMax(): number {
  const limits = Deno.readTextFileSync("/proc/self/limits");
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? Infinity : Number(soft);
}
