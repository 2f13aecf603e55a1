import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { addDays, type LocalDate } from '../../../src/domain/local-date.ts';
import { startOfDayMs } from '../../../src/domain/zoned-time.ts';
import { send } from '../../support/api.ts';
import { eventually, practice, signedIn, patient as someone } from '../../support/clinic.ts';
import { admin, type Person } from '../../support/people.ts';

let boss: Person;
beforeAll(async () => {
  boss = await admin();
});

interface Statistics {
  users: Record<string, number>;
  doctors: Record<string, number>;
  bookings: { total: number; byStatus: Record<string, number>; byDay: { date: string; total: number }[] };
  revenue: { currency: string; completedMinor: number; confirmedMinor: number }[];
  noShowRate: number | null;
  fillRate: number | null;
  awaitingApproval: number;
}

const statistics = async (from: string, to: string, timeZone = 'Asia/Dhaka'): Promise<Statistics> => {
  const answer = await send('GET', `/admin/statistics?from=${from}&to=${to}&timeZone=${timeZone}`, { as: boss });
  if (answer.status !== 200) throw new Error(await answer.text());
  return answer.json();
};

let serial = 0;
/** A visit of long ago, as D1 keeps it. */
const past = async (date: LocalDate, hour: number, status: string, feeMinor: number, currency: string, more = {}) => {
  serial += 1;
  const startsAtMs = startOfDayMs(date, 'Asia/Dhaka') + hour * 3_600_000;
  const row = { expiresAtMs: null as number | null, ...more };
  await env.DB.prepare(
    `insert into appointments (id, doctor_id, patient_id, date, starts_at_ms, ends_at_ms, time_zone, seat, mode, status,
       expires_at_ms, outside_schedule, fee_minor, currency, created_at_ms, updated_at_ms, version)
     values (?, 'u_statisticsOfAll0', 'u_patient', ?, ?, ?, 'Asia/Dhaka', null, 'video', ?, ?, 0, ?, ?, 0, 0, 1)`,
  )
    .bind(`a_s${serial}`, date, startsAtMs, startsAtMs + 1, status, row.expiresAtMs, feeMinor, currency)
    .run();
};

describe('statistics', () => {
  it('[AD16] count bookings by status and by the day on which they begin in the zone that was asked for', async () => {
    await past('2003-03-30' as LocalDate, 2, 'completed', 500, 'BDT');
    await past('2003-03-30' as LocalDate, 12, 'completed', 700, 'BDT');
    await past('2003-03-30' as LocalDate, 13, 'no_show', 700, 'BDT');
    await past('2003-03-31' as LocalDate, 3, 'confirmed', 300, 'USD');
    await past('2003-03-31' as LocalDate, 4, 'cancelled', 900, 'USD');
    await past('2003-03-31' as LocalDate, 5, 'pending', 900, 'USD', { expiresAtMs: 1 });
    const local = await statistics('2003-03-30', '2003-03-31');
    expect(local.bookings.total).toBe(6);
    expect(local.bookings.byStatus).toMatchObject({
      completed: 2,
      no_show: 1,
      confirmed: 1,
      cancelled: 1,
      expired: 1,
      pending: 0,
    });
    expect(local.bookings.byDay.map(({ date, total }) => [date, total])).toEqual([
      ['2003-03-30', 3],
      ['2003-03-31', 3],
    ]);
    // Two in the morning in Dhaka is still yesterday in London, and five is midnight there since the clocks changed.
    const abroad = await statistics('2003-03-29', '2003-03-31', 'Europe/London');
    expect(abroad.bookings.byDay.map(({ total }) => total)).toEqual([1, 4, 1]);
    expect((await statistics('2003-04-01', '2003-04-30')).bookings.total).toBe(0);
  });

  it('[AD17] revenue is never added up across currencies; no-shows count against the visits that were due', async () => {
    const { revenue, noShowRate, fillRate } = await statistics('2003-03-30', '2003-03-31');
    expect(revenue).toEqual([
      { currency: 'BDT', completedMinor: 1_200, confirmedMinor: 0 },
      { currency: 'USD', completedMinor: 0, confirmedMinor: 300 },
    ]);
    expect(noShowRate).toBeCloseTo(1 / 3);
    expect(fillRate).toBeNull();
    expect((await statistics('2003-04-01', '2003-04-30')).noShowRate).toBeNull();
  });

  it('[AD18] are right as soon as an appointment has moved, is cancelled, or its day is projected again', async () => {
    const { doctor, slot, date } = await practice();
    const next = addDays(date, 1);
    const patient = await someone();
    const of = async () => {
      const { bookings } = await statistics(date, next);
      return bookings.byDay.map(({ total }) => total);
    };
    const [before = 0, after = 0] = await of();
    const { body } = await patient.holds(await slot('09:00'));
    await patient.confirms(body.id);
    await eventually(of, ([first]) => first === before + 1);
    await patient.moves(body.id, await slot('10:00', next));
    await eventually(of, ([first, second]) => first === before && second === after + 1);
    await send('POST', `/admin/system/days/${doctor.id}/${next}/repair`, { as: boss });
    expect(await of()).toEqual([before, after + 1]);
    await patient.cancels(body.id);
    await eventually(
      async () => (await statistics(date, next)).bookings.byStatus,
      ({ cancelled = 0 }) => cancelled > 0,
    );
    expect(await of()).toEqual([before, after + 1]);
  });

  it('[AD18] count every request to come that waits for an answer, whatever the range', async () => {
    const before = await statistics('2003-03-30', '2003-03-30');
    await past('2099-03-30' as LocalDate, 2, 'awaiting_approval', 500, 'BDT', { expiresAtMs: Date.now() + 3_600_000 });
    await past('2099-03-30' as LocalDate, 3, 'awaiting_approval', 500, 'BDT', { expiresAtMs: 1 });
    await past('2003-05-30' as LocalDate, 4, 'awaiting_approval', 500, 'BDT', { expiresAtMs: Date.now() + 3_600_000 });
    await past('2099-03-30' as LocalDate, 5, 'confirmed', 500, 'BDT');
    const now = await statistics('2003-03-30', '2003-03-30');
    expect(now.awaitingApproval - before.awaitingApproval).toBe(1);
  });

  it('[AD18] count accounts by role and doctors by the state of their verification, as they are now', async () => {
    const before = await statistics('2003-03-30', '2003-03-30');
    await practice();
    const now = await statistics('2003-03-30', '2003-03-30');
    expect((now.users.doctor ?? 0) - (before.users.doctor ?? 0)).toBe(1);
    expect((now.users.admin ?? 0) - (before.users.admin ?? 0)).toBe(1);
    expect((now.doctors.verified ?? 0) - (before.doctors.verified ?? 0)).toBe(1);
  });

  it.each([
    ['from=2003-01-01&to=2003-04-03', 'query.to'],
    ['from=2003-01-02&to=2003-01-01', 'query.to'],
    ['from=2003-01-02', 'query.to'],
    ['from=2003-01-01&to=2003-01-02&timeZone=%2B06%3A00', 'query.timeZone'],
  ])('[AD19] a request of %s is refused by name: at most 92 days, in order, in a known zone', async (query, path) => {
    const answer = await send('GET', `/admin/statistics?${query}`, { as: boss });
    expect(answer.status).toBe(400);
    expect((await answer.json<{ errors: { path: string }[] }>()).errors[0]?.path).toBe(path);
    expect((await send('GET', '/admin/statistics?from=2003-01-01&to=2003-04-02', { as: boss })).status).toBe(200);
  });

  it('[AD19] are for admins with the permission `finance`', async () => {
    const other = await signedIn(boss.id, 'admin', { permissions: ['users', 'doctors', 'audit', 'system'] });
    expect((await other.act('GET', '/admin/statistics?from=2003-01-01&to=2003-01-02')).status).toBe(403);
  });
});
