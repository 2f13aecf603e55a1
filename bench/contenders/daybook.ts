import { Connection } from '../load/connection.ts';
import type { Day, Slot } from '../load/task.ts';
import { startDaybook } from '../server/daybook.ts';
import { accountNamed, practiceStatements } from '../server/practice.ts';
import type { RunSecrets } from '../server/secrets.ts';
import type { WorkerServer } from '../server/worker-server.ts';
import { type Contender, dateAhead, datesOf, type Extent, type Kind, kinds, type Offer } from './contender.ts';

const doctorsOf = (kind: Kind): string[] =>
  Array.from({ length: kinds[kind].doctors }, (_, i) => accountNamed(`bench ${kind} ${i}`));

/** Daybook itself, with its doctors written to D1 and its slots read through its API. */
export const daybook = async (
  place: { readonly bundle: string; readonly storage: string; readonly secrets: RunSecrets },
  extent: Extent,
  inspectorPort: number | null = null,
): Promise<Contender & { readonly server: WorkerServer }> => {
  const server = await startDaybook(place, {}, inspectorPort);
  for (const kind of Object.keys(kinds) as Kind[]) {
    await server.query(...practiceStatements(doctorsOf(kind).map((doctorId) => ({ doctorId, ...kinds[kind] }))));
  }
  const days = async (kind: Kind): Promise<Day[]> => {
    const found: Day[] = [];
    for (let n = 0; n < datesOf(kind, extent); n += 1) {
      for (const doctorId of doctorsOf(kind)) found.push(await dayOf(server.url, doctorId, dateAhead(n)));
    }
    return found;
  };
  const offer: Offer = {
    fill: await days('fill'),
    hot: await days('hot'),
    many: await days('many'),
    journeys: await days('journeys'),
    single: await days('single'),
  };
  await openDays(server.url, [...offer.hot, ...offer.many, ...offer.journeys], place.secrets);
  return {
    name: 'daybook',
    url: server.url,
    offer,
    server,
    pids: () => server.pids(),
    overbooked: async () => {
      const [rows = []] = await server.query(
        `select count(*) as over from (
           select a.doctor_id from appointments a join weekly_rules r on r.doctor_id = a.doctor_id and r.weekday = 1
           where a.seat is not null group by a.doctor_id, a.starts_at_ms having count(*) > max(r.capacity))`,
      );
      return Number(rows[0]?.over);
    },
    stop: () => server.stop(),
  };
};

/** Books one seat of each day and gives it back: a day is opened by its first booking, once and for all. */
const openDays = async (url: string, days: readonly Day[], secrets: RunSecrets): Promise<void> => {
  const connection = new Connection(url);
  const token = await secrets.token(accountNamed('early patient'), 'patient');
  for (const { slots } of days) {
    const body = { slotId: slots[0]?.id };
    const held = await connection.ask({ method: 'POST', path: '/api/v1/appointments', token, body });
    const path = `/api/v1/appointments/${held.body?.id}/cancel`;
    const cancelled = await connection.ask({ method: 'POST', path, token, body: {} });
    if (cancelled.status !== 200) throw new Error(`a day did not open: ${held.status}, ${cancelled.status}`);
  }
  await connection.close();
};

const dayOf = async (url: string, doctorId: string, date: string): Promise<Day> => {
  const response = await fetch(`${url}/api/v1/doctors/${doctorId}/slots?date=${date}`);
  if (!response.ok) throw new Error(`slots: ${response.status} ${await response.text()}`);
  const { slots } = (await response.json()) as { slots: Slot[] };
  return { doctorId, date, slots: slots.map(({ id, capacity }) => ({ id, capacity })) };
};
