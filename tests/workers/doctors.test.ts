import { env } from 'cloudflare:workers';
import { type SQL, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { database } from '../../src/db/client.ts';
import { addDays, utcDate } from '../../src/domain/local-date.ts';
import { facetsOf } from '../../src/features/doctors/facets.ts';
import { searchQuerySchema } from '../../src/features/doctors/schema.ts';
import { searchStatement } from '../../src/features/doctors/search.ts';
import { retirePastDays } from '../../src/features/doctors/search-upkeep.ts';
import { send } from '../support/api.ts';
import { admin, doctor, type Person, patient, unverifiedDoctor } from '../support/people.ts';

interface Doctor {
  id: string;
  fullName: string;
  specialization: string;
  experienceYears: number;
  consultationFee: { amount: number; currency: string };
  timeZone: string;
  clinics: { id: string; name: string; city: string }[];
  modes: string[];
  rating: number | null;
  nextAvailableAt: string | null;
  bio?: string;
  verified?: boolean;
  licenseNumber?: string;
}

const codeOf = async (response: Response) => (await response.json<{ code: string }>()).code;
const get = async (path: string) => {
  const response = await send('GET', path);
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json<{ items: Doctor[]; nextCursor: string | null }>();
};
const names = async (query: string) => (await get(`/doctors?${query}`)).items.map((item) => item.fullName);

/** Every page of a search, one after the other. */
const pages = async (query: string, limit: number) => {
  const seen: Doctor[] = [];
  let cursor = '';
  do {
    const page = await get(`/doctors?${query}&limit=${limit}${cursor}`);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    seen.push(...page.items);
    cursor = page.nextCursor === null ? '' : `&cursor=${encodeURIComponent(page.nextCursor)}`;
  } while (cursor !== '');
  return seen;
};

const clinicIn = async (boss: Person, city: string) => {
  const body = { name: `${city} Clinic`, address: 'Road 5', city, country: 'BD', timeZone: 'Asia/Dhaka' };
  return (await send('POST', '/clinics', { as: boss, body })).json<{ id: string; name: string; city: string }>();
};

const nowMs = Date.now();
const hourMs = 3_600_000;

/** A day of a doctor as search knows it. */
const day = (doctorId: string, date: string, firstMs: number, lastMs: number, remaining = 1) =>
  env.DB.prepare(
    `insert or replace into doctor_days
      (doctor_id, date, schedule_version, remaining, first_available_at_ms, last_available_at_ms) values (?, ?, 1, ?, ?, ?)`,
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
  boss = await admin();
});

describe('searching', () => {
  const byName = new Map<string, Person>();
  let dhaka: { id: string; name: string; city: string };

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
    const { items } = await get('/doctors?q=bashar');
    expect(items).toEqual([
      {
        id: idOf('Abul Bashar'),
        fullName: 'Abul Bashar',
        specialization: 'Cardiology',
        experienceYears: 12,
        consultationFee: { amount: 90_000, currency: 'BDT' },
        timeZone: 'Asia/Dhaka',
        clinics: [{ id: dhaka.id, name: 'Dhaka Clinic', city: 'Dhaka' }],
        modes: ['in_person', 'video'],
        rating: null,
        nextAvailableAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    expect(await names('q=unverified')).toEqual([]);
  });

  it('[DR2] the search has two addresses', async () => {
    expect(await get('/doctors/search?q=rahman')).toEqual(await get('/doctors?q=rahman'));
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
    ['q=ashar', []],
  ])('[DR3] every word of %s must begin a word of name, specialization or city', async (query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  it.each([
    ['specialization=CARDIOLOGY', ['Abul Bashar', 'Zahir Raihan', 'Émilie Rahman']],
    ['specialization=cardio', []],
    ['city=dhaka', ['Abul Bashar', 'bashir Ahmed']],
    ['city=Chattogram&specialization=Cardiology', ['Émilie Rahman']],
    ['mode=video', ['Abul Bashar']],
    ['mode=in_person', ['Abul Bashar', 'bashir Ahmed']],
    ['maxFee=90000', ['Abul Bashar', 'Zahir Raihan']],
    ['maxFee=0', ['Zahir Raihan']],
    ['q=a&city=dhaka&maxFee=100000&mode=video&specialization=cardiology', ['Abul Bashar']],
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
    const whole = await pages(query, 100);
    expect(whole.length).toBeGreaterThan(1);
    expect(await pages(query, 1)).toEqual(whole);
    expect(new Set(whole.map((item) => item.id)).size).toBe(whole.length);
  });

  it('[DR6] a cursor of another order, or of nobody, is refused', async () => {
    const { nextCursor } = await get('/doctors?sort=fee&limit=1');
    for (const cursor of [nextCursor ?? '', 'x', 'bnVsbA']) {
      const answer = await send('GET', `/doctors?sort=name&cursor=${cursor}`);
      expect([answer.status, await codeOf(answer)]).toEqual([400, 'invalid_request']);
    }
  });

  it.each([
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

  it('[DR8] availableOn finds doctors with a free slot still to come on that date', async () => {
    const date = addDays(utcDate(nowMs), 5);
    const at = Date.parse(`${date}T04:00:00Z`);
    await day(idOf('Abul Bashar'), date, at, at + hourMs);
    await day(idOf('Émilie Rahman'), date, at, at + hourMs, 0);
    await day(idOf('Unverified Rahman'), date, at, at + hourMs);
    expect(await names(`availableOn=${date}`)).toEqual(['Abul Bashar']);
    const today = utcDate(nowMs);
    await day(idOf('Zahir Raihan'), today, nowMs - 2 * hourMs, nowMs - hourMs);
    expect(await names(`availableOn=${today}`)).not.toContain('Zahir Raihan');
  });

  it('[DR9] soonest orders by the next free slot and leaves out who has none', async () => {
    const [today, tomorrow] = [utcDate(nowMs), addDays(utcDate(nowMs), 1)];
    await env.DB.prepare('delete from doctor_days').run();
    await day(idOf('Abul Bashar'), today, nowMs + 5 * hourMs, nowMs + 6 * hourMs);
    await day(idOf('Abul Bashar'), tomorrow, nowMs + 24 * hourMs, nowMs + 25 * hourMs);
    await day(idOf('bashir Ahmed'), today, nowMs - 3 * hourMs, nowMs + 6 * hourMs);
    await day(idOf('Zahir Raihan'), today, nowMs - 6 * hourMs, nowMs - hourMs);
    await day(idOf('Zahir Raihan'), tomorrow, nowMs + 23 * hourMs, nowMs + 30 * hourMs);
    await day(idOf('Émilie Rahman'), today, nowMs + hourMs, nowMs + 2 * hourMs, 0);
    await day(idOf('Unverified Rahman'), today, nowMs + hourMs, nowMs + 2 * hourMs);
    const expected = ['bashir Ahmed', 'Abul Bashar', 'Zahir Raihan'];
    for (const query of ['sort=soonest', 'sort=soonest&q=a&maxFee=1000000', 'sort=soonest&maxFee=1000000']) {
      const found = await pages(query, 1);
      expect(
        found.map((item) => item.fullName),
        query,
      ).toEqual(expected.filter((n) => found.some((f) => f.fullName === n)));
    }
    expect(await names('sort=soonest')).toEqual(expected);
    expect(await names('sort=soonest&city=dhaka')).toEqual(['bashir Ahmed', 'Abul Bashar']);
  });

  it('[DR10] days whose last slot has begun leave the search', async () => {
    const id = idOf('Abul Bashar');
    await day(id, '2020-01-01', 1, nowMs);
    await day(id, '2020-01-02', 1, nowMs + 1);
    await retirePastDays(database(env.DB), nowMs);
    const { results } = await env.DB.prepare(
      `select date, remaining from doctor_days where doctor_id = ? and date < '2021' order by date`,
    )
      .bind(id)
      .all();
    expect(results).toEqual([
      { date: '2020-01-01', remaining: 0 },
      { date: '2020-01-02', remaining: 1 },
    ]);
  });

  it('[DR11] a page costs the same number of statements however many doctors it shows', async () => {
    const count = async (query: string) => {
      const [prepare, batch] = [vi.spyOn(env.DB, 'prepare'), vi.spyOn(env.DB, 'batch')];
      const { items } = await get(`/doctors?${query}`);
      const statements = prepare.mock.calls.length;
      prepare.mockRestore();
      batch.mockRestore();
      return { shown: items.length, statements };
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
    maxFee: '5',
    availableOn: '2026-12-01',
  };
  const planOf = async (statement: SQL) => {
    const rows = await database(env.DB).all<{ detail: string }>(sql`explain query plan ${statement}`);
    return rows.map((row) => row.detail);
  };
  const position = { name: 'a', fee: 1, experience: 1, soonest: 1 };

  describe.each(['name', 'fee', 'experience', 'soonest'] as const)(
    '[DR12] sorted by %s, no plan reads a table through',
    (sort) => {
      const cases = [{}, ...Object.entries(filters).map(([name, value]) => ({ [name]: value })), filters];
      it.each(cases)('with %j', async (given) => {
        const query = searchQuerySchema.parse({ ...given, sort });
        const facets = facetsOf(query, nowMs);
        for (const first of [null, ...facets]) {
          for (const after of [null, { sort, key: position[sort], id: 'u' }]) {
            const plan = await planOf(searchStatement(query, facets, first, after, nowMs));
            for (const step of plan.filter((line) => line.startsWith('SCAN'))) {
              expect(step, plan.join('\n')).toMatch(/USING (COVERING )?INDEX|^SCAN (f|candidates|\(subquery)/);
            }
            if (first === null) expect(plan.join('\n')).not.toContain('TEMP B-TREE');
          }
        }
      });
    },
  );
});

describe('a profile', () => {
  it('[DR13] is public once the doctor is verified; before that only the doctor and admins see it', async () => {
    const person = await unverifiedDoctor({ bio: 'Line one\nline two' });
    const path = `/doctors/${person.id}`;
    const others = [null, await patient(), await doctor({}, undefined, boss)];
    for (const as of others) {
      const answer = await send('GET', path, { as });
      expect([answer.status, await codeOf(answer)]).toEqual([404, 'not_found']);
    }
    for (const as of [person, boss]) {
      const answer = await send('GET', path, { as });
      expect(await answer.json()).toMatchObject({
        id: person.id,
        verified: false,
        bio: 'Line one\nline two',
        rating: null,
      });
    }
    const verified = await send('POST', `/admin/doctors/${person.id}/verify`, { as: boss });
    expect([verified.status, (await verified.json<Doctor>()).verified]).toEqual([200, true]);
    for (const as of others) expect((await send('GET', path, { as })).status).toBe(200);
  });

  it('[DR13] shows nothing of the account', async () => {
    const person = await doctor({}, undefined, boss);
    const text = await (await send('GET', `/doctors/${person.id}`)).text();
    expect(text).not.toMatch(/example\.com|email|phone|argon/);
  });

  it('[DR14] of nobody is 404, however malformed the id', async () => {
    for (const id of ['u_AAAAAAAAAAAAAAAA', 'x', '%00', 'u_AAAAAAAAAAAAAAA=', boss.id]) {
      const answer = await send('GET', `/doctors/${id}`);
      expect([answer.status, await codeOf(answer)], id).toEqual([404, 'not_found']);
    }
  });

  it('[DR14] asked for with a token that has run out is 401, so that the client refreshes it', async () => {
    const person = await doctor({}, undefined, boss);
    expect((await send('GET', `/doctors/${person.id}`, { as: { token: 'stale' } })).status).toBe(401);
  });

  it('[DR15] has an ETag, and answers 304 until it changes', async () => {
    const person = await doctor({}, undefined, boss);
    const path = `/doctors/${person.id}`;
    const first = await send('GET', path);
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect(headers['if-none-match']).toMatch(/^W\/"/);
    const same = await send('GET', path, { headers });
    expect([same.status, await same.text()]).toEqual([304, '']);
    await send('PUT', path, { as: person, body: { bio: 'New words' } });
    expect((await send('GET', path, { headers })).status).toBe(200);
  });
});

describe('creating and verifying', () => {
  const body = () => ({
    email: `d-${crypto.randomUUID().slice(0, 8)}@example.com`,
    password: 'Initial-Horse-7',
    fullName: 'Made By Admin',
    licenseNumber: `L-${crypto.randomUUID().slice(0, 12)}`,
    specialization: 'Neurology',
    timeZone: 'Asia/Kathmandu',
  });

  it('[DR16] an admin creates a doctor, who signs in with the initial password', async () => {
    const given = body();
    const answer = await send('POST', '/doctors', { as: boss, body: given });
    expect(answer.status).toBe(201);
    const made = await answer.json<Doctor>();
    expect(made).toMatchObject({ fullName: 'Made By Admin', verified: false, experienceYears: 0, clinics: [] });
    expect(answer.headers.get('location')).toBe(`/api/v1/doctors/${made.id}`);
    const login = await send('POST', '/auth/login', { body: { email: given.email, password: given.password } });
    expect((await login.json<{ user: { id: string; role: string } }>()).user).toMatchObject({
      id: made.id,
      role: 'doctor',
    });
    const again = await send('POST', '/doctors', { as: boss, body: { ...body(), licenseNumber: given.licenseNumber } });
    expect([again.status, await codeOf(again)]).toEqual([409, 'license_number_taken']);
  });

  it('[DR17] a doctor is verified once, and it is recorded once', async () => {
    const person = await unverifiedDoctor();
    const verify = () => send('POST', `/admin/doctors/${person.id}/verify`, { as: boss });
    const answers = await Promise.all([verify(), verify(), verify()]);
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409, 409]);
    const { items } = await (await send('GET', `/admin/audit?stream=doctor:${person.id}`, { as: boss })).json<{
      items: { action: string; actorId: string }[];
    }>();
    expect(items).toMatchObject([{ action: 'doctor.verified', actorId: boss.id }]);
  });

  it('[DR17] nobody but an admin verifies or creates', async () => {
    const person = await unverifiedDoctor();
    for (const as of [person, await patient()]) {
      expect((await send('POST', `/admin/doctors/${person.id}/verify`, { as })).status).toBe(403);
      expect((await send('POST', '/doctors', { as, body: body() })).status).toBe(403);
    }
    expect((await send('POST', `/admin/doctors/${person.id}/verify`)).status).toBe(401);
    const missing = await send('POST', '/admin/doctors/u_AAAAAAAAAAAAAAAA/verify', { as: boss });
    expect([missing.status, await codeOf(missing)]).toEqual([404, 'not_found']);
  });
});

describe('editing', () => {
  const versionOf = (id: string) =>
    env.DB.prepare('select schedule_version as v from doctors where id = ?').bind(id).first<number>('v');

  it('[DR18] changes what the body names and leaves the rest; search follows in the same moment', async () => {
    const clinic = await clinicIn(boss, 'Sylhet');
    const person = await doctor({ bio: 'Before', experienceYears: 3 }, 'Old Nameworthy', boss);
    const answer = await send('PUT', `/doctors/${person.id}`, {
      as: person,
      body: { fullName: 'Fresh Nameworthy', specialization: 'Oncology', clinicIds: [clinic.id] },
    });
    expect(await answer.json()).toMatchObject({
      fullName: 'Fresh Nameworthy',
      specialization: 'Oncology',
      bio: 'Before',
      experienceYears: 3,
      clinics: [{ id: clinic.id, name: clinic.name, city: clinic.city }],
    });
    expect(await names('q=old%20nameworthy')).toEqual([]);
    expect(await names('q=fresh%20onco%20sylhet')).toEqual(['Fresh Nameworthy']);
    const me = await (await send('GET', '/auth/me', { as: person })).json<{ fullName: string }>();
    expect(me.fullName).toBe('Fresh Nameworthy');
    await send('PUT', `/doctors/${person.id}`, { as: person, body: { clinicIds: [] } });
    expect(await names('q=fresh%20sylhet')).toEqual([]);
    expect(await names('city=sylhet')).toEqual([]);
  });

  it('[DR18] of many edits at once none is lost', async () => {
    const person = await doctor({}, undefined, boss);
    const edits = [{ bio: 'B' }, { experienceYears: 9 }, { specialization: 'Urology' }];
    const answers = await Promise.all(edits.map((body) => send('PUT', `/doctors/${person.id}`, { as: person, body })));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    const now = await (await send('GET', `/doctors/${person.id}`)).json();
    expect(now).toMatchObject({ bio: 'B', experienceYears: 9, specialization: 'Urology' });
  });

  it('[DR19] a licence number is changed by an admin only', async () => {
    const person = await doctor({}, undefined, boss);
    const body = { licenseNumber: `new ${crypto.randomUUID().slice(0, 8)}` };
    const own = await send('PUT', `/doctors/${person.id}`, { as: person, body });
    expect([own.status, await codeOf(own)]).toEqual([403, 'forbidden']);
    const answer = await send('PUT', `/doctors/${person.id}`, { as: boss, body });
    expect((await answer.json<Doctor>()).licenseNumber).toBe(body.licenseNumber.toUpperCase().replace(' ', '-'));
    const other = await doctor({}, undefined, boss);
    const taken = await send('PUT', `/doctors/${other.id}`, { as: boss, body });
    expect([taken.status, await codeOf(taken)]).toEqual([409, 'license_number_taken']);
  });

  it("[DR20] somebody else's profile looks like a missing one; a patient may not edit at all", async () => {
    const [person, other] = [await doctor({}, undefined, boss), await doctor({}, undefined, boss)];
    const strange = await send('PUT', `/doctors/${person.id}`, { as: other, body: { bio: 'x' } });
    const missing = await send('PUT', '/doctors/u_AAAAAAAAAAAAAAAA', { as: other, body: { bio: 'x' } });
    expect([strange.status, missing.status]).toEqual([404, 404]);
    expect({ ...(await strange.json<object>()), instance: '' }).toEqual({
      ...(await missing.json<object>()),
      instance: '',
    });
    expect((await send('PUT', `/doctors/${person.id}`, { as: await patient(), body: { bio: 'x' } })).status).toBe(403);
  });

  it.each([
    [{ clinicIds: ['c_AAAAAAAAAAAAAAAA'] }, 422],
    [{ clinicIds: Array.from({ length: 21 }, (_, i) => `c_${i}`) }, 400],
    [{ experienceYears: 61 }, 400],
    [{ experienceYears: 1.5 }, 400],
    [{ consultationFee: { amount: -1, currency: 'BDT' } }, 400],
    [{ consultationFee: { amount: 1, currency: 'taka' } }, 400],
    [{ timeZone: '+06:00' }, 400],
    [{ fullName: '' }, 400],
    [{ fullName: 'a\u0000b' }, 400],
    [{ verified: true }, 400],
    [{ id: 'u_AAAAAAAAAAAAAAAA' }, 400],
    [[], 400],
    ['text', 400],
  ])('[DR21] refuses %j', async (body, status) => {
    const person = await doctor({}, undefined, boss);
    expect((await send('PUT', `/doctors/${person.id}`, { as: person, body })).status).toBe(status);
  });

  it('[DR22] a change of fee raises the schedule version, and words do not', async () => {
    const person = await doctor({}, undefined, boss);
    const before = (await versionOf(person.id)) ?? 0;
    await send('PUT', `/doctors/${person.id}`, { as: person, body: { bio: 'words', experienceYears: 4 } });
    expect(await versionOf(person.id)).toBe(before);
    const body = { consultationFee: { amount: 500, currency: 'BDT' } };
    await send('PUT', `/doctors/${person.id}`, { as: person, body });
    expect(await versionOf(person.id)).toBe(before + 1);
    await send('PUT', `/doctors/${person.id}`, { as: person, body });
    expect(await versionOf(person.id)).toBe(before + 1);
  });

  it('[DR23] the time zone of a doctor whom nobody has booked changes at once', async () => {
    const person = await doctor({}, undefined, boss);
    const answer = await send('PUT', `/doctors/${person.id}`, {
      as: person,
      body: { timeZone: 'Australia/Lord_Howe' },
    });
    expect(await answer.json()).toMatchObject({ timeZone: 'Australia/Lord_Howe' });
  });
});
