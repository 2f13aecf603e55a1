import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../load/connection.ts';
import type { Generator } from '../load/generator.ts';
import type { Patient, Slot, Task } from '../load/task.ts';
import { build, root } from '../server/build.ts';
import { startDaybook } from '../server/daybook.ts';
import { accountNamed, practiceStatements } from '../server/practice.ts';
import type { RunSecrets } from '../server/secrets.ts';
import { countSyncs } from './syncs.ts';

/** What bookings cost in counted units, each row a way of booking. */
export interface Probe {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly values: readonly number[] }[];
  readonly note: string;
}

const columns = [
  'requests',
  'object rows read',
  'object rows written',
  'commits',
  'alarms set',
  'alarms run',
  'D1 batches',
  'D1 rows read',
  'D1 rows written',
  'fsyncs',
];
/** Longer than an outbox waits, so that what a booking owes D1 is counted with it. */
const drainMs = 2_000;
const lone = 100;
/** How far apart two requests share nothing. */
const apartMs = 1_500;

/** Builds Daybook with counters. */
export const buildProbe = async (scratch: string): Promise<string> => {
  const bundle = join(scratch, 'probe-bundle');
  await build(join(root, 'wrangler.toml'), bundle, join(root, 'bench', 'probe', 'worker.ts'));
  return bundle;
};

/**
 * Counts what bookings (hold and confirm) use: far apart, one after the other, and a hundred at a time.
 *
 * @param apart how many bookings share nothing with each other, and their hold and confirmation nothing either
 */
export const probeBookings = async (
  scratch: string,
  bundle: string,
  secrets: RunSecrets,
  patients: readonly Patient[],
  generator: Generator,
  apart: number,
): Promise<Probe> => {
  const server = await startDaybook({ bundle, storage: join(scratch, 'probe-storage'), secrets });
  try {
    const doctorId = accountNamed('probed doctor');
    await server.query(...practiceStatements([{ doctorId, slots: 32, capacity: 100 }]));
    const date = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const path = `/api/v1/doctors/${doctorId}/slots?date=${date}`;
    const seen = await fetch(server.url + path);
    if (!seen.ok) throw new Error(`slots: ${seen.status} ${server.errorLines.join(' ')}`);
    const { slots } = (await seen.json()) as { slots: Slot[] };
    const used = async (): Promise<Record<string, number>> => {
      await sleep(drainMs);
      return (await (await fetch(`${server.url}/used`)).json()) as Record<string, number>;
    };
    const connection = new Connection(server.url);
    const book = async (i: number, pauseMs = 0): Promise<void> => {
      const { token } = patients[i] as Patient;
      const body = { slotId: slots[i % 32]?.id };
      const held = await connection.ask({ method: 'POST', path: '/api/v1/appointments', token, body, key: `h${i}` });
      await sleep(pauseMs);
      const confirm = `/api/v1/appointments/${held.body.id}/confirm`;
      const confirmed = await connection.ask({ method: 'POST', path: confirm, token, body: {}, key: `c${i}` });
      if (confirmed.status !== 200) throw new Error(`a probed booking failed: ${held.status} ${confirmed.status}`);
    };
    // The first booking opens the day; that is paid once a day and not counted here.
    await book(0);
    await used();

    const syncsApart = countSyncs(server.pids());
    for (let i = 1; i <= apart; i += 1) {
      await book(lone + i, apartMs);
      await sleep(apartMs);
    }
    const farApart = await used();
    const apartSyncs = await syncsApart.stop();

    const syncsAlone = countSyncs(server.pids());
    for (let i = 1; i <= lone; i += 1) await book(i);
    const alone = await used();
    const aloneSyncs = await syncsAlone.stop();

    const task: Task = {
      ...{ url: server.url, workload: 'journey', seed: 1, clients: 100, durationMs: 1_000, warmUpMs: 0, rate: null },
      patients: patients.slice(lone + apart + 1),
      days: [{ doctorId, date, slots }],
      ...{ paths: [], filled: 0 },
    };
    const syncsTogether = countSyncs(server.pids());
    const outcome = await generator.perform(task);
    const together = await used();
    const togetherSyncs = await syncsTogether.stop();

    const row = (name: string, counts: Record<string, number>, bookings: number, syncs: number | null) => ({
      name,
      values: [
        ...['requests', 'objectRowsRead', 'objectRowsWritten', 'objectCommits', 'alarmsSet', 'alarmsRun'],
        ...['d1Batches', 'd1RowsRead', 'd1RowsWritten'],
      ]
        .map((key) => (counts[key] ?? 0) / bookings)
        .concat(syncs === null ? [] : [syncs / bookings]),
    });
    await connection.close();
    return {
      columns: aloneSyncs === null ? columns.slice(0, -1) : columns,
      rows: [
        row('far apart, hold and confirmation too', farApart, apart, apartSyncs),
        row('one patient after the other', alone, lone, aloneSyncs),
        row('100 patients together, reading the slots first', together, Math.max(1, outcome.good), togetherSyncs),
      ],
      note: `Per booking (hold and confirm, both with an Idempotency-Key), counted by cursors and D1’s meta${
        aloneSyncs === null ? '; strace is not installed, so fsyncs were not counted' : ', fsyncs by strace'
      }.`,
    };
  } finally {
    await server.stop();
  }
};
