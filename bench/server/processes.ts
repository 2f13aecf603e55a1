import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc/<pid>/stat (USER_HZ, the same on every Linux that Node runs on). */
const ticksPerSecond = 100;

/** The fields of /proc/<pid>/stat after the command's name; `null` once the process is gone. */
const stat = (pid: number): string[] | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
};

/** All living processes below one, nearest first (proc(5)). */
export const descendants = (ancestor: number): number[] => {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name) ? stat(Number(name)) : null;
    if (fields !== null) parents.set(Number(name), Number(fields[1]));
  }
  const found = [ancestor];
  for (const next of found) {
    for (const [pid, parent] of parents) if (parent === next) found.push(pid);
  }
  return found.slice(1);
};

/** Whether a process still runs; a zombie does not. */
export const isAlive = (pid: number): boolean => {
  const state = stat(pid)?.[0];
  return state !== undefined && state !== 'Z' && state !== 'X';
};

/** CPU time that processes have used so far, with that of children they have waited for, in ms. */
export const cpuMs = (pids: readonly number[]): number => {
  let ticks = 0;
  for (const pid of pids) {
    const fields = stat(pid);
    for (const index of [11, 12, 13, 14]) ticks += Number(fields?.[index] ?? 0);
  }
  return (ticks * 1000) / ticksPerSecond;
};
