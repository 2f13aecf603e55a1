import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { database } from '../../src/db/client.ts';
import { auditStatement } from '../../src/features/audit/record.ts';
import { client, send } from '../support/api.ts';
import { admin, type Person, patient } from '../support/people.ts';

interface Event {
  stream: string;
  seq: number;
  at: string;
  action: string;
  subjectId: string | null;
  actorId: string | null;
  actorRole: string;
}

const pageOf = async (as: Person, query: string) =>
  (await send('GET', `/admin/audit?${query}`, { as })).json<{ items: Event[]; nextCursor: string | null }>();

const record = (stream: string, atMs: number, subjectId: string | null = null, action = 'test.happened') =>
  auditStatement(database(env.DB), { stream, actor: null, action, subjectId, data: { n: 1 }, atMs });

it('[AU1] an account that comes into being is recorded, without a word about the person', async () => {
  const boss = await admin();
  const profile = { licenseNumber: `BMDC-${crypto.randomUUID().slice(0, 13)}`, specialization: 'Cardiology' };
  const registered = await send('POST', '/auth/register', {
    body: {
      ...{ email: `${crypto.randomUUID()}@example.com`, password: 'Correct-Horse-7', fullName: 'Very Private Name' },
      ...{ role: 'doctor', doctor: { ...profile, timeZone: 'Asia/Dhaka' } },
    },
  });
  const { user: doctor } = await registered.json<{ user: { id: string } }>();
  const { items } = await pageOf(boss, `stream=account:${doctor.id}`);
  expect(items).toEqual([
    expect.objectContaining({ seq: 2, action: 'session.started', actorId: doctor.id }),
    expect.objectContaining({
      stream: `account:${doctor.id}`,
      seq: 1,
      action: 'account.created',
      actorId: doctor.id,
      actorRole: 'doctor',
      subjectId: doctor.id,
      data: { role: 'doctor', from: expect.anything() },
    }),
  ]);
  expect(JSON.stringify(items)).not.toMatch(/Private|example\.com/);
});

it('[AU2] a change and its record stand or fall together', async () => {
  const db = database(env.DB);
  const broken = db.batch([record('clinic:c_x', 1), db.run('insert into clinics (id) values (null)')]);
  await expect(broken).rejects.toThrow();
  const n = await env.DB.prepare(`select count(*) as n from audit_events where stream = 'clinic:c_x'`).first('n');
  expect(n).toBe(0);
});

it('[AU3] a stream is numbered from 1 without gaps, also by many writers at once', async () => {
  const stream = `clinic:${crypto.randomUUID()}`;
  await Promise.all(Array.from({ length: 25 }, (_, i) => record(stream, i)));
  await database(env.DB).batch([record(stream, 100), record(stream, 100)]);
  const { results } = await env.DB.prepare('select seq from audit_events where stream = ? order by seq')
    .bind(stream)
    .all<{ seq: number }>();
  expect(results.map((row) => row.seq)).toEqual(Array.from({ length: 27 }, (_, i) => i + 1));
});

it('[AU4] the newest come first, page by page, each once', async () => {
  const boss = await admin();
  const subject = `subject-${crypto.randomUUID()}`;
  const streams = ['clinic:a', 'clinic:b', 'clinic:c'].map((name) => `${name}-${subject}`);
  for (let i = 0; i < 12; i += 1) await record(streams[i % 3] ?? '', 1000 + Math.floor(i / 4), subject);
  for (const [query, count] of [
    [`subject=${subject}`, 12],
    [`stream=${streams[0]}`, 4],
    [`stream=${streams[0]}&subject=${subject}`, 4],
  ] as const) {
    const seen: Event[] = [];
    let cursor = '';
    do {
      const page = await pageOf(boss, `${query}&limit=5${cursor}`);
      expect(page.items.length).toBeLessThanOrEqual(5);
      seen.push(...page.items);
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toHaveLength(count);
    expect(new Set(seen.map((event) => `${event.stream}/${event.seq}`)).size).toBe(count);
    const times = seen.map((event) => event.at);
    expect(times).toEqual(times.toSorted().reverse());
  }
});

it('[AU14] what only looked is left out when that is asked for', async () => {
  const boss = await admin();
  const subject = `subject-${crypto.randomUUID()}`;
  const actions = ['a.changed', 'a.read', 'a.document_read', 'a.listed', 'a.searched', 'a.already'];
  for (const [i, action] of actions.entries()) await record(`clinic:${subject}`, i, subject, action);
  const all = await pageOf(boss, `subject=${subject}`);
  expect(all.items).toHaveLength(actions.length);
  const { items } = await pageOf(boss, `subject=${subject}&reads=hidden`);
  expect(items.map(({ action }) => action)).toEqual(['a.already', 'a.changed']);
});

it('[AU4] every way of asking walks an index', async () => {
  const plan = async (where: string, order: string) => {
    const sql = `explain query plan select * from audit_events ${where} order by ${order} limit 21`;
    const { results } = await env.DB.prepare(sql).all<{ detail: string }>();
    return results.map((row) => row.detail).join('\n');
  };
  const byTime = 'at_ms desc, stream desc, seq desc';
  for (const steps of [
    await plan('', byTime),
    await plan(`where subject_id = 'x' and (at_ms, stream, seq) < (1, 'a', 1)`, byTime),
    await plan(`where (at_ms, stream, seq) < (1, 'a', 1)`, byTime),
    await plan(`where stream = 'x' and seq < 5`, 'seq desc'),
  ]) {
    expect(steps).toContain('USING INDEX');
    expect(steps).not.toContain('TEMP B-TREE');
  }
});

it('[AU5] only admins read it', async () => {
  expect((await client().admin.audit.$get({ query: {} })).status).toBe(401);
  const { token } = await patient();
  expect((await client(token).admin.audit.$get({ query: {} })).status).toBe(403);
});

it('[AU5] a cursor that is not of this list is refused', async () => {
  const boss = await admin();
  for (const cursor of ['x', 'e30', btoa('{"atMs":"1"}')]) {
    expect((await send('GET', `/admin/audit?cursor=${cursor}`, { as: boss })).status, cursor).toBe(400);
  }
});
