import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeReports } from '../../../src/features/reports/make.ts';
import { send } from '../../support/api.ts';
import { type Actor, actor, signedIn } from '../../support/clinic.ts';
import { emptyStorage } from '../../support/empty-storage.ts';
import { visit } from '../../support/past-visits.ts';
import { admin, doctor, type Person } from '../../support/people.ts';
import { readPdf } from '../../support/read-pdf.ts';

const month = '2026-03';
const atMs = (date: string, time = '12:00'): number => Date.parse(`${date}T${time}:00Z`);
const later = atMs('2026-04-20');
let boss: Actor;
let heart: Actor;
let far: Actor;
let clinicId: string;
beforeAll(async () => {
  await emptyStorage();
  const person: Person = await admin();
  boss = actor(person);
  heart = actor(await doctor({ timeZone: 'UTC' }, '=SUM(A1) Khatun', person));
  far = actor(await doctor({ timeZone: 'Pacific/Honolulu' }, 'Kai Akana', person));
  const place = {
    name: 'Green Road Clinic',
    address: 'House 12',
    city: 'Dhaka',
    country: 'BD',
    timeZone: 'Asia/Dhaka',
  };
  clinicId = (await boss.act('POST', '/clinics', place)).body.id;
  await env.DB.prepare('insert into doctor_clinics (doctor_id, clinic_id) values (?, ?)')
    .bind(heart.id, clinicId)
    .run();
  for (const [who, patientId, date, status] of [
    [heart, 'u_known', '2026-02-10', 'completed'],
    [heart, 'u_known', '2026-03-03', 'completed'],
    [heart, 'u_first', '2026-03-03', 'completed'],
    [heart, 'u_absent', '2026-03-31', 'no_show'],
    [far, 'u_first', '2026-03-15', 'completed'],
  ] as const)
    await visit({ doctorId: who.id, patientId, startsAtMs: atMs(date), status, clinicId, feeMinor: 150_000 });
});

const reports = async (): Promise<string[]> => {
  const { results } = await env.DB.prepare(
    'select kind, month, revision from monthly_reports order by month, kind, revision',
  ).all<{ kind: string; month: string; revision: number }>();
  return results.map((row) => `${row.month} ${row.kind} ${row.revision}`);
};
const summary = async (query: string, by = boss) =>
  (await by.act('GET', `/admin/reports/monthly/summary?month=${month}&${query}`)).body;
const again = (body: object) => boss.act('POST', '/admin/reports/monthly/regenerate', { month, ...body });

describe('making them', () => {
  test('[RP1][RP2] each when it is the 1st there; once, by however many; and what was missed is made up for', async () => {
    // In Dhaka it is the 1st of April, in UTC and in Honolulu still March.
    await makeReports(env, atMs('2026-03-31', '18:00'));
    expect((await reports()).filter((one) => one.startsWith(month))).toEqual(['2026-03 clinic 1']);
    // The months before, of which nobody made any.
    expect(await reports()).toContain('2026-02 doctor 1');
    expect(await reports()).toContain('2026-02 all 1');
    await Promise.all([1, 2, 3].map(() => makeReports(env, atMs('2026-04-01', '00:30'))));
    expect((await reports()).filter((one) => one.startsWith(month))).toEqual(['2026-03 clinic 1', '2026-03 doctor 1']);
    // Honolulu is ten hours behind; everywhere is twelve.
    await makeReports(env, atMs('2026-04-01', '10:30'));
    await makeReports(env, atMs('2026-04-01', '12:30'));
    const whole = ['2026-03 all 1', '2026-03 clinic 1', '2026-03 doctor 1', '2026-03 doctor 1'];
    expect((await reports()).filter((one) => one.startsWith(month))).toEqual(whole);
    const before = await reports();
    expect(await makeReports(env, later)).toBe(0);
    expect(await reports()).toEqual(before);
  });

  test('[RP1][FG2] it says what the month came to, day by day, beside the month before', async () => {
    const report = await summary(`doctorId=${heart.id}`);
    expect(report).toMatchObject({
      ...{ kind: 'doctor', name: '=SUM(A1) Khatun', month, revision: 1, rating: null, doctors: [] },
      total: { booked: 3, completed: 2, noShows: 1, newPatients: 1, returningPatients: 1 },
      previous: { booked: 1, completed: 1 },
    });
    expect(report.total.income).toEqual([{ currency: 'BDT', amount: 300_000 }]);
    expect(report.days).toHaveLength(31);
    expect(report.days[2]).toEqual({ date: '2026-03-03', booked: 2, completed: 2, noShows: 0, cancelled: 0 });
    const clinic = await summary(`clinicId=${clinicId}`);
    expect(
      clinic.doctors.map((one: { name: string; total: { completed: number } }) => [one.name, one.total.completed]),
    ).toEqual([
      ['=SUM(A1) Khatun', 2],
      ['Kai Akana', 1],
    ]);
    expect((await summary('')).total).toMatchObject({ booked: 4, completed: 3, newPatients: 2 });
  });

  test('[RP3] made anew it is the next revision if it says something else, and earlier ones stay', async () => {
    expect((await again({ clinicId })).body).toEqual({ made: 0, unchanged: 2 });
    await visit({ doctorId: heart.id, patientId: 'u_forgotten', startsAtMs: atMs('2026-03-30'), clinicId });
    const twice = await Promise.all([again({ clinicId }), again({ clinicId })]);
    expect(twice.map(({ body }) => body.made).reduce((a, b) => a + b)).toBe(2);
    expect(await summary(`clinicId=${clinicId}`)).toMatchObject({ revision: 2, total: { completed: 4 } });
    expect(await summary(`clinicId=${clinicId}&revision=1`)).toMatchObject({ revision: 1, total: { completed: 3 } });
    expect((await summary(`clinicId=${clinicId}&revision=3`)).code).toBe('not_found');
    expect((await summary('')).revision).toBe(1);
    expect((await again({})).body).toEqual({ made: 1, unchanged: 0 });
    const { body: audit } = await boss.act('GET', `/admin/audit?subject=${clinicId}`);
    expect(audit.items.filter((one: { action: string }) => one.action === 'reports.regenerated')).toHaveLength(3);
    expect((await again({ month: '2090-01' })).body.code).toBe('month_not_over');
    expect((await again({ clinicId: 'c_x' })).body.code).toBe('unknown_clinic');
    expect((await again({ doctorId: 'u_x' })).body.code).toBe('not_found');
    expect((await again({ doctorId: heart.id, clinicId })).status).toBe(400);
  });
});

describe('giving them', () => {
  test('[RP4] as CSV without formulas, by `format` or `Accept`', async () => {
    const own = await send('GET', `/doctors/me/reports/monthly/${month}`, {
      as: heart,
      headers: { accept: 'text/csv' },
    });
    expect(own.headers.get('content-disposition')).toBe('attachment; filename="report-2026-03-2.csv"');
    const lines = (await own.text()).split('\r\n');
    expect(lines[0]).toBe('"date","booked","completed","no_shows","cancelled","income"');
    expect(lines[3]).toBe('"2026-03-03","2","2","0","0",""');
    expect(lines[32]).toBe('"2026-03","4","3","1","0","BDT 3,000.00"');
    for (const path of ['', '/by-doctor']) {
      const list = await send('GET', `/admin/reports/monthly${path}?month=${month}&format=csv`, { as: boss });
      const text = await list.text();
      expect(text).toContain(`"2026-03","${heart.id}","'=SUM(A1) Khatun","4","3","1"`);
      expect(text.includes('Green Road Clinic')).toBe(path === '');
    }
    const ofClinic = await send(
      'GET',
      `/admin/reports/monthly/by-doctor?month=${month}&clinicId=${clinicId}&format=csv`,
      { as: boss },
    );
    expect((await ofClinic.text()).trimEnd().split('\r\n')).toHaveLength(3);
    const page = await boss.act('GET', `/admin/reports/monthly/by-doctor?month=${month}&limit=1`);
    const next = await boss.act(
      'GET',
      `/admin/reports/monthly/by-doctor?month=${month}&cursor=${page.body.nextCursor}`,
    );
    expect([...page.body.items, ...next.body.items].map(({ name }) => name).toSorted()).toEqual([
      '=SUM(A1) Khatun',
      'Kai Akana',
    ]);
  });

  test('[RP4] as PDF', async () => {
    const answer = await send('GET', `/admin/reports/monthly/summary?month=${month}&clinicId=${clinicId}&format=pdf`, {
      as: boss,
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    const paper = await readPdf(new Uint8Array(await answer.arrayBuffer()));
    expect(paper).toMatchObject({ title: `Monthly report ${month} · Green Road Clinic`, language: 'en', active: [] });
    const text = paper.text.join(' ');
    for (const part of ['March 2026', 'Visits by day', 'BDT 4,500.00', 'By doctor', 'Kai Akana', 'revision 2'])
      expect(text).toContain(part);
    const list = await send('GET', `/admin/reports/monthly?month=${month}`, {
      as: boss,
      headers: { accept: 'application/pdf' },
    });
    expect((await readPdf(new Uint8Array(await list.arrayBuffer()))).text.join(' ')).toContain('Green Road Clinic');
  });

  test('[RP5] doctors see their own and nobody else’s, admins without `finance` none', async () => {
    const { body } = await heart.act('GET', '/doctors/me/reports/monthly');
    expect(body.items.map((one: { month: string; revision: number }) => [one.month, one.revision])).toEqual([
      [month, 2],
      ['2026-02', 1],
    ]);
    expect((await far.act('GET', '/doctors/me/reports/monthly/2026-02')).status).toBe(404);
    expect((await far.act('GET', '/doctors/me/reports/monthly/2026-13')).status).toBe(404);
    expect((await far.act('GET', `/admin/reports/monthly/summary?month=${month}&doctorId=${heart.id}`)).status).toBe(
      403,
    );
    const clerk = await signedIn('u_AAAAAAAAAAAAAAAQ', 'admin', { permissions: ['users'] });
    expect((await clerk.act('GET', `/admin/reports/monthly?month=${month}`)).status).toBe(403);
    expect(JSON.stringify((await boss.act('GET', `/admin/reports/monthly?month=${month}`)).body)).not.toContain(
      'u_first',
    );
  });
});
