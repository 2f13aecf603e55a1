// The Express server: as many processes as it is told, on one port of the loopback interface.
import cluster from 'node:cluster';
import type { JWK } from 'jose';
import pg from 'pg';
import { bookingApp } from './app.ts';
import type { Variant } from './booking.ts';

/** What the parent hands over in the environment variable PEER. */
export interface PeerSettings {
  readonly variant: Variant;
  readonly port: number;
  readonly processes: number;
  /** Connections to PostgreSQL of each process. */
  readonly connections: number;
  readonly socketFolder: string;
  readonly database: string;
  readonly publicKey: JWK;
}

const settings = JSON.parse(process.env.PEER ?? '') as PeerSettings;

if (cluster.isPrimary) {
  let listening = 0;
  for (let i = 0; i < settings.processes; i += 1) cluster.fork();
  cluster.on('listening', () => {
    listening += 1;
    if (listening === settings.processes) process.send?.('ready');
  });
  cluster.on('exit', () => process.exit(1));
  process.on('disconnect', () => process.exit(0));
} else {
  const pool = new pg.Pool({
    host: settings.socketFolder,
    user: 'bench',
    database: settings.database,
    max: settings.connections,
    min: settings.connections,
    idleTimeoutMillis: 0,
    // Single statements run at the isolation of the variant, too.
    options: settings.variant === 'serializable' ? '-c default_transaction_isolation=serializable' : undefined,
  });
  bookingApp(settings.variant, pool, settings.publicKey).listen(settings.port, '127.0.0.1');
}
