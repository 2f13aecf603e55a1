import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** A count of fsyncs that is under way. `null` where strace is not installed. */
export interface SyncCount {
  stop(): Promise<number | null>;
}

/** Counts the fsync and fdatasync calls of processes with strace, which slows them: never while speed is measured. */
export const countSyncs = (pids: readonly number[]): SyncCount => {
  if (spawnSync('strace', ['-V'], { stdio: 'ignore' }).status !== 0) return { stop: async () => null };
  const attach = pids.flatMap((pid) => ['-p', String(pid)]);
  const tracer: ChildProcess = spawn('strace', ['-f', '-e', 'trace=fsync,fdatasync', ...attach], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let count = 0;
  let rest = '';
  tracer.stderr?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    count += lines.filter((line) => /f(data)?sync\(/.test(line)).length;
  });
  return {
    stop: async () => {
      const ended = once(tracer, 'close');
      tracer.kill('SIGINT');
      await ended;
      return count;
    },
  };
};
