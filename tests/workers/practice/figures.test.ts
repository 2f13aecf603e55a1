import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { addDays, type LocalDate, utcDate } from '../../../src/domain/local-date.ts';
import { indexDoctor } from '../../../src/features/schedules/index-days.ts';
import { foldFigures, foldStatements } from '../../../src/figures/fold.ts';
import { type Actor, actor, everyDay, practice, signedIn } from '../../support/clinic.ts';
import { emptyStorage } from '../../support/empty-storage.ts';
import { visit } from '../../support/past-visits.ts';
import { doctor, type Person } from '../../support/people.ts';

const dayMs = 86_400_000;
const noon = (date: string): number => Date.parse(`${date}T12:00:00Z`);
let heart: Awaited<ReturnType<typeof practice>>;
let clinicId: string;
let boss: Actor;
beforeAll(async () => {
  await emptyStorage();
  heart = await practice({ timeZone: 'UTC' });
  boss = heart.admin;
  const place = { name: 'Clinic', address: 'House 12', city: 'Dhaka', country: 'BD', timeZone: 'UTC' };
  clinicId = (await boss.act('POST', '/clinics', place)).body.id;
});

/** What the audit has of an appointment. */
const happened = async (id: string, ...events: (readonly [action: string, role: string])[]): Promise<void> => {
  const insert = env.DB.prepare(
    `insert into audit_events (stream, seq, at_ms, actor_role, action, subject_id, data) values (?, ?, 0, ?, ?, ?, '{}')`,
  );
  await env.DB.batch(events.map(([action, role], i) => insert.bind(`day:${id}`, i + 1, role, action, id)));
};
const figuresOf = async (who: Actor, from: string, to: string, by = 'day') =>
  (await who.act('GET', `/doctors/me/analytics?from=${from}&to=${to}&by=${by}`)).body;
const tables = async () => {
  const [daily, totals] = await env.DB.batch([
    env.DB.prepare('select * from daily_figures order by doctor_id, date, clinic_id, currency'),
    env.DB.prepare('select * from total_figures order by scope, date, currency'),
  ]);
  const rows = (found: D1Result | undefined) => (found?.results ?? []) as Record<string, unknown>[];
  return { daily: rows(daily), totals: rows(totals) };
};

describe('counting', () => {
  test('[FG1][FG3] what was booked, and what became of it, by day, clinic and currency', async () => {
    const [date, before] = ['2026-03-10', '2026-03-09'];
    const doctorId = heart.doctor.id;
    const at = (patientId: string, status: string, more = {}) =>
      visit({ doctorId, patientId, status, startsAtMs: noon(date), bookedAtMs: noon(date) - 3_600_000, ...more });
    await visit({ doctorId, patientId: 'u_regular', startsAtMs: noon(before), feeMinor: 100 });
    await at('u_regular', 'completed', { feeMinor: 500 });
    const paid = await at('u_new', 'completed', { feeMinor: 700, clinicId });
    await at('u_absent', 'no_show', { feeMinor: 900 });
    await at('u_coming', 'confirmed');
    await at('u_late', 'expired');
    await happened(await at('u_a', 'cancelled'), ['confirmed', 'patient'], ['cancelled', 'patient']);
    await happened(await at('u_b', 'cancelled'), ['accepted', 'doctor'], ['cancelled', 'staff']);
    await happened(await at('u_c', 'cancelled'), ['cancelled', 'patient']);
    await happened(await at('u_d', 'rejected'), ['rejected', 'doctor']);
    await env.DB.batch([
      env.DB.prepare(
        `insert into payment_orders (id, appointment_id, patient_id, doctor_id, gateway, amount_minor, currency,
           created_at_ms, expires_at_ms) values ('o', ?1, 'u_new', ?2, 'local', 700, 'BDT', 0, 0)`,
      ).bind(paid, doctorId),
      env.DB.prepare(
        `insert into payments (id, order_id, gateway, gateway_payment_id, appointment_id, patient_id, doctor_id,
           amount_minor, currency, state, captured_at_ms) values ('p', 'o', 'local', 'g', ?1, 'u_new', ?2, 700, 'BDT', 'kept', 0)`,
      ).bind(paid, doctorId),
    ]);
    await foldFigures(env.DB);
    const { total, periods } = await figuresOf(heart.doctor, before, date);
    expect(total).toEqual({
      ...{
        booked: 7,
        completed: 3,
        noShows: 1,
        cancelledByPatient: 1,
        cancelledByPractice: 1,
        expired: 1,
        rejected: 1,
      },
      ...{ newPatients: 2, returningPatients: 1, offered: 0, noShowRate: 0.25, cancellationRate: 0.2857 },
      ...{ fillRate: null, leadHours: 4.3, income: [{ currency: 'BDT', amount: 1_300 }], reviews: null, stars: null },
    });
    expect(periods.map((one: { from: string; completed: number }) => [one.from, one.completed])).toEqual([
      [before, 1],
      [date, 2],
    ]);
    // What is given back is no income any more, and nobody has to ask for the day to be counted.
    await env.DB.prepare(`update payments set refunded_minor = 200 where id = 'p'`).run();
    expect(await foldFigures(env.DB)).toBe(1);
    const whole = await figuresOf(heart.doctor, before, date);
    expect(whole.total.income).toEqual([{ currency: 'BDT', amount: 1_100 }]);
    const all = await boss.act('GET', `/admin/dashboard?from=${before}&to=${date}&by=month`);
    expect(all.body.periods).toEqual([{ from: before, to: date, ...whole.total, reviews: 0 }]);
    const one = await boss.act('GET', `/admin/dashboard?from=${before}&to=${date}&clinicId=${clinicId}`);
    expect(one.body.total).toMatchObject({ booked: 1, completed: 1, income: [{ currency: 'BDT', amount: 500 }] });
    expect((await boss.act('GET', `/admin/dashboard?from=${date}&to=${date}&clinicId=c_x`)).body.code).toBe(
      'unknown_clinic',
    );
    expect((await boss.act('GET', `/admin/dashboard?from=${date}&to=2027-03-11`)).status).toBe(400);
    const clerk = await signedIn('u_AAAAAAAAAAAAAAAQ', 'admin', { permissions: ['users'] });
    expect((await clerk.act('GET', `/admin/dashboard?from=${date}&to=${date}`)).status).toBe(403);
  });

  test('[FG2][FG6] who came first is new, also when an earlier visit is marked completed later; stars join their visit', async () => {
    const skin = actor(await doctor({ timeZone: 'UTC' }, undefined, boss as unknown as Person));
    const come = (date: string) => visit({ doctorId: skin.id, patientId: 'u_twice', startsAtMs: noon(date) });
    const shown = async (date: string) => {
      const { total } = await figuresOf(skin, date, date);
      return [total.newPatients, total.returningPatients];
    };
    const second = await come('2026-04-20');
    await foldFigures(env.DB);
    expect(await shown('2026-04-20')).toEqual([1, 0]);
    await come('2026-04-02');
    await foldFigures(env.DB);
    expect([await shown('2026-04-02'), await shown('2026-04-20')]).toEqual([
      [1, 0],
      [0, 1],
    ]);
    await env.DB.prepare(
      `insert into reviews (id, appointment_id, doctor_id, patient_id, author_id, number, stars, text, shows_name,
         visited_on, created_at_ms) values ('v', ?, ?, 'u_twice', 'u_twice', 1, 4, '', 0, '2026-04-20', 0)`,
    )
      .bind(second, skin.id)
      .run();
    await foldFigures(env.DB);
    const starsOf = async (from: string, to: string, by = 'month') => {
      const { total, periods } = await figuresOf(skin, from, to, by);
      return [total, ...periods].map(({ reviews, stars }: Record<string, unknown>) => [reviews, stars]);
    };
    const whole = ['2026-04-01', '2026-04-30'] as const;
    expect(await starsOf(...whole)).toEqual([
      [1, 4],
      [1, 4],
    ]);
    // By the stars of a day the doctor would know whose they are; and by those of two ranges that are a day apart.
    for (const [from, to, by] of [
      ['2026-04-20', '2026-04-20', 'day'],
      ['2026-04-01', '2026-04-29', 'month'],
      ['2026-04-02', '2026-04-30', 'month'],
    ] as const) {
      expect(await starsOf(from, to, by)).toEqual([
        [null, null],
        [null, null],
      ]);
    }
    const [total, ...days] = await starsOf(...whole, 'day');
    expect([total, days.flat().every((figure) => figure === null)]).toEqual([[1, 4], true]);
    await env.DB.prepare(`update reviews set hidden_at_ms = 1 where id = 'v'`).run();
    await foldFigures(env.DB);
    expect((await starsOf(...whole))[0]).toEqual([0, null]);
  });

  test('[FG4] in whatever order days change and are counted, the figures are those of counting everything once', async () => {
    const ids = await Promise.all(
      [0, 1].map(async () => (await doctor({ timeZone: 'UTC' }, undefined, boss as unknown as Person)).id),
    );
    const change = fc.record({
      doctorId: fc.constantFrom(...ids),
      patientId: fc.constantFrom('u_x', 'u_y', 'u_z'),
      startsAtMs: fc.nat({ max: 6 }).map((day) => noon('2026-05-01') + day * dayMs),
      status: fc.constantFrom('completed', 'no_show', 'confirmed', 'expired'),
      clinicId: fc.constantFrom(null, clinicId),
      feeMinor: fc.nat({ max: 100 }),
    });
    const run = fc.array(fc.tuple(change, fc.boolean()), { minLength: 4, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(run, async (changes) => {
        for (const [one, folds] of changes) {
          const id = await visit(one);
          if (folds) await Promise.all([foldFigures(env.DB), foldFigures(env.DB)]);
          // A visit that was to come takes place, or leaves for another day.
          if (one.status === 'confirmed')
            await env.DB.batch([
              env.DB.prepare(`update appointments set status = 'completed' where id = ?`).bind(id),
              env.DB.prepare('update doctor_days set version = version + 1 where doctor_id = ?').bind(one.doctorId),
            ]);
        }
        await foldFigures(env.DB);
        const grown = await tables();
        await env.DB.batch([
          env.DB.prepare('delete from daily_figures'),
          env.DB.prepare('delete from total_figures'),
          env.DB.prepare('update doctor_days set figures_version = -1 where version > 0'),
        ]);
        await foldFigures(env.DB);
        const whole = await tables();
        const without = (rows: Record<string, unknown>[]) =>
          rows
            .filter((row) => row.booked !== 0 || row.expired !== 0)
            .map(({ offered: _, filled: _filled, ...row }) => row);
        expect(without(grown.daily)).toEqual(without(whole.daily));
        expect(without(grown.totals)).toEqual(without(whole.totals));
        expect(await foldFigures(env.DB)).toBe(0);
      }),
      { seed: 20_261_122, numRuns: 5 },
    );
  });
});

describe('what was offered', () => {
  test('[FG5] is written down ahead and follows the schedule while it can; the past stays', async () => {
    const today = utcDate(Date.now());
    const offer = async () => {
      const { results } = await env.DB.prepare(
        'select date, offered, filled from daily_figures where doctor_id = ? and date >= ? order by date',
      )
        .bind(heart.doctor.id, addDays(today, -1))
        .all<{ date: LocalDate; offered: number; filled: number }>();
      return results.map(({ date, offered, filled }) => [date, offered, filled]);
    };
    const nightly = (nowMs = Date.now()) => indexDoctor(env, heart.doctor.id, nowMs);
    await nightly();
    const next = [0, 1, 2].map((days) => addDays(today, days));
    expect(await offer()).toEqual(next.map((date) => [date, 6, 0]));
    await heart.setSchedule(everyDay({ capacity: 2 }));
    await nightly();
    expect(await offer()).toEqual(next.map((date) => [date, 12, 0]));
    const { currency } = (await boss.act('GET', `/doctors/${heart.doctor.id}`)).body.consultationFee;
    const coming = { patientId: 'u_q', startsAtMs: noon(today), status: 'confirmed', currency };
    await visit({ doctorId: heart.doctor.id, ...coming });
    await foldFigures(env.DB);
    expect((await figuresOf(heart.doctor, today, today)).total).toMatchObject({ offered: 12, fillRate: 0.0833 });
    await heart.setSchedule([]);
    // Tomorrow, nothing is offered any more; what was offered today is history.
    await nightly(Date.now() + dayMs);
    expect(await offer()).toEqual([
      [today, 12, 1],
      [next[1], 0, 0],
      [next[2], 0, 0],
    ]);
  });
});

test('[FG7] neither counting nor reading walks a table', async () => {
  const plan = async (sql: string, ...values: unknown[]): Promise<string> => {
    const { results } = await env.DB.prepare(`explain query plan ${sql}`)
      .bind(...values)
      .all<{ detail: string }>();
    return results.map(({ detail }) => detail).join('\n');
  };
  const { unfolded, ...rest } = foldStatements;
  const plans = [await plan(unfolded, 10)];
  for (const statement of Object.values(rest)) plans.push(await plan(statement, '[]'));
  plans.push(
    await plan(`select * from total_figures where scope = '*' and date >= 'a' and date <= 'b' order by date`),
    await plan(`select * from daily_figures where doctor_id = 'x' and date >= 'a' and date <= 'b' order by date`),
    await plan(`select * from daily_figures where clinic_id = 'x' and clinic_id <> '' and date >= 'a' and date <= 'b'`),
  );
  for (const one of plans) {
    // Along the index of days to count every entry is wanted; JSON is what we were given.
    const walks = one
      .split('\n')
      .filter((step) => /SCAN (?!d |json_each|value|\(subquery|doctor_days USING)/.test(step));
    expect(walks, one).toEqual([]);
  }
  expect(plans[0]).toContain('doctor_days_unfolded');
});
