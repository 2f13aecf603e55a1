import { setTimeout as sleep } from 'node:timers/promises';
import { slotId } from '../../src/domain/ids.ts';
import type { LocalDate } from '../../src/domain/local-date.ts';
import { Connection } from '../load/connection.ts';
import type { Patient } from '../load/task.ts';
import type { WorkerServer } from '../server/worker-server.ts';
import { Patience } from './patience.ts';
import type { Record } from './record.ts';
import { differs, type Standing } from './verdict.ts';

/** D1 hears by alarms that back off, and by a sweep of every minute: so long may pass with nothing new. */
const bounds = { stalledMs: 65_000, wholeMs: 180_000 };
const lookEveryMs = 500;

/**
 * Acknowledged appointments as their doctor-days tell them, all or some; those that no day knows are missing.
 */
export const standingOf = async (
  url: string,
  record: Record,
  patients: readonly Patient[],
  some?: ReadonlySet<string>,
): Promise<Map<string, Standing>> => {
  const tokens = new Map(patients.map(({ id, token }) => [id, token]));
  const connection = new Connection(url);
  const standing = new Map<string, Standing>();
  for (const [id, { patientId }] of record.acknowledged()) {
    if (some?.has(id) === false) continue;
    const token = tokens.get(patientId) ?? '';
    const { status, body } = await connection.ask({ method: 'GET', path: `/api/v1/appointments/${id}`, token });
    const { slotId, status: now, version } = body;
    if (status === 200) standing.set(id, { id, slotId, patientId, status: now, version });
    else if (status !== 404) throw new Error(`GET an appointment: ${status}`);
  }
  await connection.close();
  return standing;
};

/** What D1 shows once it has caught up, or will not any more, beside what stands by then. */
export interface CaughtUp {
  readonly standing: ReadonlyMap<string, Standing>;
  readonly projected: ReadonlyMap<string, Standing>;
  readonly tookMs: number;
}

/**
 * Waits until D1 shows what stands, for as long as it comes nearer. A hold past its time has run out. Days are asked again
 * only where D1 is past what they said: they have gone on since, and whoever asks a day that has not would wake it.
 *
 * @param standing what the days said when they were last asked
 * @param ask what some of them say now
 */
export const waitForD1 = async (
  server: WorkerServer,
  standing: ReadonlyMap<string, Standing>,
  ask: (ids: ReadonlySet<string>) => Promise<ReadonlyMap<string, Standing>>,
): Promise<CaughtUp> => {
  const begunMs = Date.now();
  const patience = new Patience(bounds, begunMs);
  let known = standing;
  for (;;) {
    const [rows = []] = await server.query(
      `select id, patient_id, doctor_id, date, starts_at_ms, version,
         case when status = 'pending' and expires_at_ms <= ${Date.now()} then 'expired' else status end as status
       from appointments`,
    );
    const projected = new Map(
      rows.map((row) => {
        const day = { doctorId: String(row.doctor_id), date: String(row.date) as LocalDate };
        const slot = slotId(day, Number(row.starts_at_ms));
        const [id, patientId, status] = [String(row.id), String(row.patient_id), String(row.status)];
        return [id, { id, slotId: slot, patientId, status, version: Number(row.version) }] as const;
      }),
    );
    const past = [...known.values()].filter((one) => isPast(projected.get(one.id), one)).map(({ id }) => id);
    if (past.length > 0) known = new Map([...known, ...(await ask(new Set(past)))]);
    const lag = [...known.values()].filter((one) => differs(projected.get(one.id), one)).length;
    if (!patience.lasts(lag, Date.now())) return { standing: known, projected, tookMs: Date.now() - begunMs };
    await sleep(lookEveryMs);
  }
};

/** Whether D1 has something newer than what a day said, or the same that has run out since. */
const isPast = (shown: Standing | undefined, said: Standing): boolean =>
  shown !== undefined && (shown.version > said.version || (shown.version === said.version && differs(shown, said)));
