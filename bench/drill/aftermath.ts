import { setTimeout as sleep } from 'node:timers/promises';
import { slotId } from '../../src/domain/ids.ts';
import type { LocalDate } from '../../src/domain/local-date.ts';
import { Connection } from '../load/connection.ts';
import type { Patient } from '../load/task.ts';
import type { WorkerServer } from '../server/worker-server.ts';
import type { Record } from './record.ts';
import type { Standing } from './verdict.ts';

const catchUpWithinMs = 60_000;
const lookEveryMs = 500;

/** Every acknowledged appointment as its doctor-day tells it; those that it does not know are missing. */
export const standingOf = async (
  url: string,
  record: Record,
  patients: readonly Patient[],
): Promise<Map<string, Standing>> => {
  const tokens = new Map(patients.map(({ id, token }) => [id, token]));
  const connection = new Connection(url);
  const standing = new Map<string, Standing>();
  for (const [id, { patientId }] of record.acknowledged()) {
    const token = tokens.get(patientId) ?? '';
    const { status, body } = await connection.ask({ method: 'GET', path: `/api/v1/appointments/${id}`, token });
    const { slotId, status: now, version } = body;
    if (status === 200) standing.set(id, { id, slotId, patientId, status: now, version });
    else if (status !== 404) throw new Error(`GET an appointment: ${status}`);
  }
  await connection.close();
  return standing;
};

/** Waits, within a bound, until D1 shows what stands, and gives what it shows. A hold past its time has run out. */
export const waitForD1 = async (
  server: WorkerServer,
  standing: ReadonlyMap<string, Standing>,
): Promise<Map<string, Standing>> => {
  const untilMs = Date.now() + catchUpWithinMs;
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
    const behind = [...standing.values()].some(({ id, version }) => projected.get(id)?.version !== version);
    if (!behind || Date.now() > untilMs) return projected;
    await sleep(lookEveryMs);
  }
};
