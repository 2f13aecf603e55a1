import { env } from 'cloudflare:workers';
import { type SQL, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { database } from '../../src/db/client.ts';
import { addDays, utcDate } from '../../src/domain/local-date.ts';
import { askedOf, type Facet, facetsOf } from '../../src/features/doctors/facets.ts';
import { searchQuerySchema, sorts } from '../../src/features/doctors/schema.ts';
import { type Found, type SearchPosition, searchStatement } from '../../src/features/doctors/search.ts';
import { retirePastDays } from '../../src/features/doctors/search-upkeep.ts';
import { send } from '../support/api.ts';
import { countedD1 } from '../support/counted-d1.ts';
import { edge } from '../support/edge.ts';
import { emptyStorage } from '../support/empty-storage.ts';
import { admin, doctor, type Person, unverifiedDoctor } from '../support/people.ts';
import { clinicIn, codeOf, everyPage, found, names } from '../support/search.ts';

const nowMs = Date.now();
const hourMs = 3_600_000;

/** A day of a doctor as its object has projected it; the index of the coming days leaves such a row alone. */
const day = (doctorId: string, date: string, firstMs: number, lastMs: number, remaining = 1) =>
  env.DB.prepare(
    `insert or replace into doctor_days (doctor_id, date, opened_at_ms, schedule_version, version, remaining,
      first_available_at_ms, last_available_at_ms) values (?, ?, 1, 1, 1, ?, ?, ?)`,
  )
    .bind(doctorId, date, remaining, firstMs, lastMs)
    .run();

const rule = (doctorId: string, mode: string, effectiveUntil: string | null = null) =>
  env.DB.prepare(
    `insert into weekly_rules
      (id, doctor_id, weekday, start, "end", slot_minutes, buffer_minutes, capacity, mode, effective_until)
     values (?, ?, 1, '09:00', '12:00', 30, 0, 1, ?, ?)`,
  )
    .bind(`r_${crypto.randomUUID()}`, doctorId, mode, effectiveUntil)
    .run();

let boss: Person;
beforeAll(async () => {
  await emptyStorage();
  boss = await admin();
});

describe('searching', () => {
  const byName = new Map<string, Person>();
  let dhaka: { id: string; name: string; address: string; city: string };

  beforeAll(async () => {
    dhaka = await clinicIn(boss, 'Dhaka');
    const chattogram = await clinicIn(boss, 'Chattogram');
    const fee = (amount: number) => ({ amount, currency: 'BDT' });
    const people = [
      [
        'Abul Bashar',
        { specialization: 'Cardiology', experienceYears: 12, consultationFee: fee(90_000), clinicIds: [dhaka.id] },
      ],
      [
        'bashir Ahmed',
        {
          specialization: 'Dermatology',
          experienceYears: 30,
          consultationFee: fee(150_000),
          clinicIds: [dhaka.id, chattogram.id],
        },
      ],
      [
        'Émilie Rahman',
        { specialization: 'Cardiology', experienceYears: 5, consultationFee: fee(150_000), clinicIds: [chattogram.id] },
      ],
      ['Zahir Raihan', { specialization: 'cardiology', experienceYears: 12, consultationFee: fee(0), clinicIds: [] }],
    ] as const;
    for (const [name, profile] of people) byName.set(name, await doctor({ ...profile }, name, boss));
    byName.set('Unverified Rahman', await unverifiedDoctor({ clinicIds: [dhaka.id] }, 'Unverified Rahman'));
    await rule(byName.get('Abul Bashar')?.id ?? '', 'video');
    await rule(byName.get('Abul Bashar')?.id ?? '', 'in_person');
    await rule(byName.get('bashir Ahmed')?.id ?? '', 'in_person');
    await rule(byName.get('bashir Ahmed')?.id ?? '', 'video', addDays(utcDate(nowMs), -30));
  });
  const idOf = (name: string) => byName.get(name)?.id ?? '';

  it('[DR1] lists verified doctors only, with what a patient chooses by', async () => {
    const { items } = await found('q=bashar');
    expect(items).toEqual([
      {
        id: idOf('Abul Bashar'),
        fullName: 'Abul Bashar',
        specialization: 'Cardiology',
        experienceYears: 12,
        consultationFee: { amount: 90_000, currency: 'BDT' },
        timeZone: 'Asia/Dhaka',
        gender: 'undisclosed',
        languages: [],
        clinics: [{ id: dhaka.id, name: 'Dhaka Clinic', address: dhaka.address, city: 'Dhaka' }],
        modes: ['in_person', 'video'],
        rating: null,
        reviewCount: 0,
        picture: null,
        nextAvailableAt: expect.stringMatching(/^\d{4}-.*Z$/),
        nextSlots: Array(4).fill({ id: expect.stringMatching(/^s_/), startsAt: expect.stringMatching(/^\d{4}-.*Z$/) }),
        distanceKm: null,
        relevance: 100,
      },
    ]);
    expect(await names('q=unverified')).toEqual([]);
  });

  it('[DR2] the search has two addresses', async () => {
    expect(await found('q=rahman', '/doctors/search')).toEqual(await found('q=rahman'));
  });

  it.each([
    ['q=bash', ['Abul Bashar', 'bashir Ahmed']],
    ['q=BASHIR', ['bashir Ahmed']],
    ['q=emilie', ['Émilie Rahman']],
    ['q=%C3%89milie', ['Émilie Rahman']],
    ['q=cardio', ['Abul Bashar', 'Zahir Raihan', 'Émilie Rahman']],
    ['q=cardio%20ra', ['Zahir Raihan', 'Émilie Rahman']],
    ['q=cardio%20chatto', ['Émilie Rahman']],
    ['q=cardio%20derma', []],
    ["q=%25'%20or%201=1--", []],
    ['q=zzzz', []],
  ])('[DR3] every word of %s must begin a word of name, specialization, bio or clinic', async (query, expected) => {
    expect(await names(`${query}&sort=name`)).toEqual(expected);
  });

  it.each([
    ['specialization=CARDIOLOGY', ['Abul Bashar', 'Zahir Raihan', 'Émilie Rahman']],
    ['specialization=cardio', []],
    ['city=dhaka', ['Abul Bashar', 'bashir Ahmed']],
    ['city=Chattogram&specialization=Cardiology', ['Émilie Rahman']],
    ['mode=video', ['Abul Bashar']],
    ['mode=in_person', ['Abul Bashar', 'bashir Ahmed']],
    ['maxFee=90000&currency=BDT', ['Abul Bashar', 'Zahir Raihan']],
    ['maxFee=0&currency=BDT', ['Zahir Raihan']],
    ['q=a&city=dhaka&maxFee=100000&currency=BDT&mode=video&specialization=cardiology', ['Abul Bashar']],
  ])('[DR4] %s narrows', async (query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  it.each([
    ['sort=name', ['Abul Bashar', 'bashir Ahmed', 'Zahir Raihan', 'Émilie Rahman']],
    ['sort=fee', ['Zahir Raihan', 'Abul Bashar']],
    ['sort=experience', ['bashir Ahmed']],
  ])('[DR5] %s orders, whatever the case of a name', async (query, expected) => {
    expect((await names(query)).slice(0, expected.length)).toEqual(expected);
  });

  it.each([
    'sort=name',
    'sort=fee',
    'sort=experience',
    'sort=fee&q=a',
    'sort=name&specialization=cardiology',
    'sort=experience&city=dhaka',
  ])('[DR6] %s shows each doctor once, page by page, in the same order', async (query) => {
    const whole = await everyPage(query, 100);
    expect(whole.length).toBeGreaterThan(1);
    expect(await everyPage(query, 1)).toEqual(whole);
    expect(new Set(whole.map((item) => item.id)).size).toBe(whole.length);
  });

  it('[DR6] a cursor of another order, or of nobody, is refused', async () => {
    const { nextCursor } = await found('sort=fee&limit=1');
    for (const cursor of [nextCursor ?? '', 'x', 'bnVsbA']) {
      const answer = await send('GET', `/doctors?sort=name&cursor=${cursor}`);
      expect([answer.status, await codeOf(answer)]).toEqual([400, 'invalid_request']);
    }
  });

  it.each([
    'maxFee=100',
    'maxFee=-1',
    'maxFee=x',
    'mode=phone',
    'sort=best',
    'limit=0',
    'limit=101',
    'availableOn=2026-02-30',
    'colour=red',
  ])('[DR7] %s is refused', async (query) => {
    const answer = await send('GET', `/doctors?${query}`);
    expect([answer.status, await codeOf(answer)]).toEqual([400, 'invalid_request']);
  });

  it('[DR11] a page costs the same number of statements however many doctors it shows', async () => {
    const count = async (query: string) => {
      const { db, asks } = countedD1();
      const answer = await edge({ DB: db }).ask(`/api/v1/doctors?${query}`);
      const { items } = await answer.json<{ items: unknown[] }>();
      return { shown: items.length, statements: asks.flat().length };
    };
    const [one, many] = [await count('q=a&limit=1'), await count('q=a&limit=100')];
    expect(many.shown).toBeGreaterThan(one.shown);
    expect(many.statements).toBe(one.statements);
  });

  const filters = {
    q: 'rahi',
    specialization: 'Cardiology',
    city: 'Dhaka',
    mode: 'video',
    currency: 'BDT',
    maxFee: '5',
    availableOn: '2026-12-01',
    availableWithin: '7',
    language: 'bn',
    gender: 'female',
    minRating: '4.5',
    near: '23.7,90.4',
  };
  const planOf = async (statement: SQL) => {
    const rows = await database(env.DB).all<{ detail: string }>(sql`explain query plan ${statement}`);
    return rows.map((row) => row.detail);
  };
  const position = { name: 'a', fee: 1, experience: 1, soonest: 1, rating: 1, distance: 1, relevance: 1 };

  describe.each(sorts)('[DR12] sorted by %s, no plan reads a table through', (sort) => {
    const cases = [{}, ...Object.entries(filters).map(([name, value]) => ({ [name]: value })), filters];
    it.each(cases)('with %j', async (given) => {
      // A highest fee needs its currency.
      const currency = 'maxFee' in given ? filters.currency : undefined;
      const query = askedOf(
        searchQuerySchema.parse({ currency, near: sort === 'distance' ? '23.7,90.4' : undefined, ...given, sort }),
        'BD/BD-C/',
      );
      const facets = facetsOf(query, nowMs);
      for (const first of [null, ...facets]) {
        for (const after of [null, { sort, key: position[sort], id: 'u' }]) {
          const plan = await planOf(searchStatement(query, facets, first, after, nowMs));
          for (const step of plan.filter((line) => line.startsWith('SCAN'))) {
            // Along the order of the page it may go; looking up whom a word is of, never.
            expect(step, plan.join('\n')).not.toMatch(/^SCAN s\b/);
            expect(step, plan.join('\n')).toMatch(
              /USING (COVERING )?INDEX|^SCAN (CONSTANT ROW|asked|f|candidates|\(subquery)/,
            );
          }
          // Round a place, the doctors of a circle are sorted.
          if (first === null && sort !== 'distance') expect(plan.join('\n')).not.toContain('TEMP B-TREE');
        }
      }
    });
  });
});

describe('searching by free days', () => {
  const ids = new Map<string, string>();
  const idOf = (name: string) => ids.get(name) ?? '';
  const group = 'specialization=Podiatry';
  const [today, tomorrow] = [utcDate(nowMs), addDays(utcDate(nowMs), 1)];

  // Without working hours of their own, so that the only free days are those told here.
  beforeAll(async () => {
    for (const name of ['Morning', 'Now', 'Over', 'Full']) {
      ids.set(name, (await doctor({ specialization: 'Podiatry' }, name, boss)).id);
    }
    ids.set('Unverified', (await unverifiedDoctor({ specialization: 'Podiatry' }, 'Unverified')).id);
    await day(idOf('Morning'), today, nowMs + 5 * hourMs, nowMs + 6 * hourMs);
    await day(idOf('Morning'), tomorrow, nowMs + 24 * hourMs, nowMs + 25 * hourMs);
    await day(idOf('Now'), today, nowMs - 3 * hourMs, nowMs + 6 * hourMs);
    await day(idOf('Over'), today, nowMs - 6 * hourMs, nowMs - hourMs);
    await day(idOf('Over'), tomorrow, nowMs + 23 * hourMs, nowMs + 30 * hourMs);
    await day(idOf('Full'), today, nowMs + hourMs, nowMs + 2 * hourMs, 0);
    await day(idOf('Unverified'), today, nowMs + hourMs, nowMs + 2 * hourMs);
  });

  it('[DR8] availableOn finds doctors with a free slot still to come on that date', async () => {
    expect(await names(`${group}&availableOn=${today}`)).toEqual(['Morning', 'Now']);
    expect(await names(`${group}&availableOn=${tomorrow}`)).toEqual(['Morning', 'Over']);
    expect(await names(`${group}&availableOn=${addDays(today, 2)}`)).toEqual([]);
  });

  it('[DR9] soonest orders by the next free slot and leaves out who has none', async () => {
    const expected = ['Now', 'Morning', 'Over'];
    expect((await everyPage(`${group}&sort=soonest`, 1)).map((item) => item.fullName)).toEqual(expected);
    expect(
      (await everyPage(`${group}&sort=soonest&q=podi&maxFee=0&currency=USD`, 1)).map((item) => item.fullName),
    ).toEqual(expected);
    expect(await names(`${group}&sort=soonest&availableOn=${tomorrow}`)).toEqual(['Morning', 'Over']);
  });

  it('[DR9] either way of searching gives the same, from any position', async () => {
    const query = askedOf(
      searchQuerySchema.parse({ specialization: 'Podiatry', q: 'podi', sort: 'soonest', limit: 1 }),
    );
    const facets = facetsOf(query, nowMs);
    const walk = async (first: Facet | null) => {
      const seen: string[] = [];
      let after: SearchPosition | null = null;
      do {
        const rows: Found[] = await database(env.DB).all(searchStatement(query, facets, first, after, nowMs));
        const [row] = rows;
        if (row !== undefined) seen.push(row.fullName);
        after = rows.length > 1 && row !== undefined ? { sort: 'soonest', key: row.sortKey, id: row.id } : null;
      } while (after !== null);
      return seen;
    };
    for (const first of [null, ...facets]) expect(await walk(first)).toEqual(['Now', 'Morning', 'Over']);
  });

  it('[DR10] a day whose last slot has begun leaves the search', async () => {
    await day(idOf('Full'), '2020-01-01', 1, nowMs);
    await day(idOf('Full'), '2020-01-02', 1, nowMs + 1);
    await retirePastDays(database(env.DB), nowMs);
    const { results } = await env.DB.prepare(
      `select date, remaining from doctor_days where doctor_id = ? and date < '2021' order by date`,
    )
      .bind(idOf('Full'))
      .all();
    expect(results).toEqual([
      { date: '2020-01-01', remaining: 0 },
      { date: '2020-01-02', remaining: 1 },
    ]);
  });
});

describe('searching by fee', () => {
  it('[DR25] a highest fee finds no doctor who charges in another currency, and needs to say in which', async () => {
    await doctor(
      { specialization: 'Audiology', consultationFee: { amount: 100, currency: 'KWD' } },
      'Dear Dinar',
      boss,
    );
    await doctor(
      { specialization: 'Audiology', consultationFee: { amount: 90_000, currency: 'BDT' } },
      'Cheap Taka',
      boss,
    );
    expect(await names('specialization=audiology&maxFee=90000&currency=BDT')).toEqual(['Cheap Taka']);
    expect(await names('specialization=audiology&maxFee=90000&currency=KWD')).toEqual(['Dear Dinar']);
    expect(await names('specialization=audiology&maxFee=99&currency=KWD')).toEqual([]);
    expect(await names('specialization=audiology&currency=KWD')).toEqual(['Dear Dinar']);
    const answer = await send('GET', '/doctors?maxFee=90000');
    expect((await answer.json<{ errors: { path: string }[] }>()).errors[0]?.path).toBe('query.currency');
  });
});
