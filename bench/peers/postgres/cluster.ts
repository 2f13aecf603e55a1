import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const installed = '/usr/lib/postgresql';
const readyWithinMs = 30_000;

/** The folder of the newest PostgreSQL that Debian installed; `null` without one. */
export const postgresFolder = (): string | null => {
  if (!existsSync(installed)) return null;
  const newest = readdirSync(installed).sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? null : join(installed, newest, 'bin');
};

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
const owner = (): { uid: number; gid: number } | null => {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
};

/**
 * Settings of a machine that serves one application: memory for its cache, no pause at checkpoints. What makes a
 * commit durable (fsync, synchronous_commit, full_page_writes) stays on, as it is by default.
 */
const settings = {
  listen_addresses: '',
  max_connections: '120',
  shared_buffers: '512MB',
  effective_cache_size: '4GB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  random_page_cost: '1.1',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
};

/** A PostgreSQL of the run's own, reachable through a socket file in its folder and in no other way. */
export class Cluster {
  readonly socketFolder: string;
  readonly #server: ChildProcess;

  private constructor(socketFolder: string, server: ChildProcess) {
    this.socketFolder = socketFolder;
    this.#server = server;
  }

  /** Makes a new cluster in a folder and starts it. */
  static async start(folder: string): Promise<Cluster> {
    const bin = postgresFolder();
    if (bin === null) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
    const user = owner();
    mkdirSync(folder, { recursive: true });
    if (user !== null) chownSync(folder, user.uid, user.gid);
    chmodSync(folder, 0o700);
    const data = join(folder, 'data');
    const as = user ?? {};
    execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--no-locale'], {
      ...as,
      cwd: folder,
      stdio: 'ignore',
    });
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const args = ['-D', data, '-k', folder, ...options];
    const server = spawn(join(bin, 'postgres'), args, { ...as, cwd: folder, stdio: 'ignore' });
    const cluster = new Cluster(folder, server);
    await cluster.#answers();
    return cluster;
  }

  /** The process whose children are PostgreSQL's others. */
  get pid(): number {
    return this.#server.pid ?? 0;
  }

  /** Creates an empty database. */
  async createDatabase(name: string): Promise<void> {
    await this.query('postgres', `create database ${name}`);
  }

  /** Runs SQL outside of what is measured. */
  async query(database: string, sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ host: this.socketFolder, user: 'bench', database });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** Ends it: quickly, for nobody will start it again. */
  async stop(): Promise<void> {
    if (this.#server.exitCode !== null) return;
    this.#server.kill('SIGQUIT');
    await once(this.#server, 'exit');
  }

  async #answers(): Promise<void> {
    const untilMs = Date.now() + readyWithinMs;
    for (;;) {
      const failure = await this.query('postgres', 'select 1').then(
        () => null,
        (error: Error) => error,
      );
      if (failure === null) return;
      if (Date.now() > untilMs || this.#server.exitCode !== null) throw failure;
      await sleep(100);
    }
  }
}
