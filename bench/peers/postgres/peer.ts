import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { JWK } from 'jose';
import type { Day } from '../../load/task.ts';
import { descendants } from '../../server/processes.ts';
import type { Variant } from './booking.ts';
import type { Cluster } from './cluster.ts';
import type { PeerSettings } from './main.ts';

/** What served most bookings on two cores when it was tried: see docs/performance.md. */
const processes = 2;
const connections: Readonly<Record<Variant, number>> = { serializable: 4, for_update: 12, unique_index: 12 };

const uniqueIndex = `create unique index appointments_seat on appointments (slot_id)
  where status in ('pending', 'confirmed')`;

/** One variant of Express on PostgreSQL, with a database of its own. */
export class PostgresPeer {
  readonly url: string;
  readonly #database: string;
  readonly #cluster: Cluster;
  readonly #server: ChildProcess;

  private constructor(url: string, database: string, cluster: Cluster, server: ChildProcess) {
    this.url = url;
    this.#database = database;
    this.#cluster = cluster;
    this.#server = server;
  }

  /** Makes the variant's database and starts its server. */
  static async start(cluster: Cluster, variant: Variant, publicKey: JWK): Promise<PostgresPeer> {
    const database = `bench_${variant}`;
    await cluster.createDatabase(database);
    await cluster.query(database, readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8'));
    if (variant === 'unique_index') await cluster.query(database, uniqueIndex);
    const port = await freePort();
    const settings: PeerSettings = {
      ...{ variant, port, processes, connections: connections[variant] },
      ...{ socketFolder: cluster.socketFolder, database, publicKey },
    };
    const server = fork(join(import.meta.dirname, 'main.ts'), {
      env: { ...process.env, NODE_ENV: 'production', PEER: JSON.stringify(settings) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await Promise.race([
      once(server, 'message'),
      once(server, 'exit').then(() => {
        throw new Error(`the server of ${variant} did not start`);
      }),
    ]);
    return new PostgresPeer(`http://127.0.0.1:${port}`, database, cluster, server);
  }

  /** Writes the slots of days, each a quarter of an hour from nine. */
  async offer(days: readonly Day[]): Promise<void> {
    const rows = days.flatMap(({ doctorId, date, slots }) =>
      slots.map(({ id, capacity }, i) => ({ id, doctor_id: doctorId, date, nth: i, capacity })),
    );
    await this.#cluster.query(
      this.#database,
      `insert into slots (id, doctor_id, date, starts_at, ends_at, capacity)
       select id, doctor_id, date, date + time '09:00' + nth * interval '15 minutes',
         date + time '09:15' + nth * interval '15 minutes', capacity
       from json_to_recordset('${JSON.stringify(rows)}')
         as r (id text, doctor_id text, date date, nth int, capacity int)`,
    );
    await this.#cluster.query(this.#database, 'analyze');
  }

  /** Asks the database. */
  query(sql: string): Promise<Record<string, unknown>[]> {
    return this.#cluster.query(this.#database, sql);
  }

  /** The processes that serve: Node's and PostgreSQL's. */
  pids(): number[] {
    const { pid = 0 } = this.#server;
    return [pid, ...descendants(pid), this.#cluster.pid, ...descendants(this.#cluster.pid)];
  }

  /** Ends the server; the database goes with its cluster. */
  async stop(): Promise<void> {
    if (this.#server.exitCode !== null) return;
    const ended = once(this.#server, 'exit');
    this.#server.disconnect();
    await ended;
  }
}

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
};
