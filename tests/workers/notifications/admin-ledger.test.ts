import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { notifications } from '../../../src/db/schema.ts';
import { type Actor, actor, eventually, practice, signedIn } from '../../support/clinic.ts';
import { entered, toldOf } from '../../support/ledger.ts';
import { admin, patient } from '../../support/people.ts';

type Row = Partial<typeof notifications.$inferInsert>;

let boss: Actor;
let karim: Actor;
let ids: string[];

const list = async (query: string) => {
  const { status, body } = await boss.act('GET', `/admin/notifications${query}`);
  expect([query, status]).toEqual([query, 200]);
  return body;
};
const found = async (query: string): Promise<number[]> =>
  (await list(`?recipient=${karim.id}&${query}`)).items.map(({ id }: { id: string }) => ids.indexOf(id));

beforeAll(async () => {
  boss = await signedIn((await admin()).id, 'admin');
  karim = actor(await patient());
  const rows: Row[] = [
    { createdAtMs: 1_000, kind: 'reminder', offsetMinutes: 120, channel: 'email', state: 'sent' },
    { createdAtMs: 2_000, channel: 'sms', state: 'failed', reason: 'given_up' },
    { createdAtMs: 3_000, kind: 'reminder', channel: 'sms', state: 'suppressed', reason: 'moved' },
    { createdAtMs: 4_000, kind: 'cancelled', channel: 'email', state: 'failed', reason: 'given_up' },
    { createdAtMs: 5_000 },
  ];
  ids = [];
  for (const row of rows) ids.push(await entered({ recipientId: karim.id, ...row }));
});

describe('the ledger, for admins', () => {
  test('[NL1] is found by state, kind, channel, recipient and time, and by all of them, newest first', async () => {
    expect(await found('')).toEqual([4, 3, 2, 1, 0]);
    expect(await found('state=failed')).toEqual([3, 1]);
    expect(await found('kind=reminder')).toEqual([2, 0]);
    expect(await found('channel=sms')).toEqual([2, 1]);
    expect(await found('from=1970-01-01T00:00:02Z&to=1970-01-01T00:00:04Z')).toEqual([2, 1]);
    expect(await found('state=failed&kind=cancelled&channel=email&from=1970-01-01T00:00:00Z')).toEqual([3]);
    expect((await list('?recipient=u_nobody')).items).toEqual([]);
  });

  test('[NL1] counts by state what the other filters leave', async () => {
    const counts = async (query: string) => (await list(`?recipient=${karim.id}&${query}`)).counts;
    expect(await counts('')).toEqual({ sent: 1, failed: 2, suppressed: 1, delivered: 1 });
    expect(await counts('state=failed')).toEqual({ sent: 1, failed: 2, suppressed: 1, delivered: 1 });
    expect(await counts('kind=reminder')).toEqual({ sent: 1, suppressed: 1 });
  });

  test('[NL1] pages, and refuses what is no filter', async () => {
    const first = await list(`?recipient=${karim.id}&limit=3`);
    const second = await list(`?recipient=${karim.id}&limit=3&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ id }) => ids.indexOf(id))).toEqual([4, 3, 2, 1, 0]);
    expect(second.nextCursor).toBeNull();
    for (const query of ['state=lost', 'kind=spam', 'channel=fax', 'from=yesterday', 'who=me', 'cursor=x']) {
      expect([query, (await boss.act('GET', `/admin/notifications?${query}`)).status]).toEqual([query, 400]);
    }
  });

  test('[NL1] holds ids, kinds and times, and is for admins of the system alone', async () => {
    const [row] = (await list(`?recipient=${karim.id}`)).items;
    expect(Object.keys(row).toSorted()).toEqual(
      [
        ...['audience', 'channel', 'createdAt', 'dueAt', 'id', 'insteadOf', 'kind', 'offsetMinutes', 'reason'],
        ...['recipientId', 'sentAt', 'settledAt', 'startsAt', 'state', 'subjectId', 'version'],
      ].toSorted(),
    );
    const auditor = await signedIn((await admin()).id, 'admin', { permissions: ['audit', 'users', 'appointments'] });
    for (const who of [auditor, karim]) expect((await who.act('GET', '/admin/notifications')).status).toBe(403);
  });

  test('[NL1] a look at it is recorded under the patients of its appointments', async () => {
    const clinic = await practice();
    const nadia = actor(await patient());
    const { body } = await nadia.holds(await clinic.slot('11:00'));
    await nadia.confirms(body.id);
    await eventually(
      () => toldOf(body.id),
      (rows) => rows.length > 0,
    );
    await list(`?recipient=${clinic.doctor.id}`);
    const log = await nadia.act('GET', '/users/me/access-log');
    expect(log.body.items).toMatchObject([{ action: 'notifications.listed', role: 'admin', why: 'administration' }]);
  });

  test('[NL2] what failed goes once more, and its failed message makes room', async () => {
    const id = ids[3] as string;
    await env.DB.prepare(
      `insert into messages (id, account_id, channel, kind, created_at_ms, attempts, failed_at_ms)
       values (?, ?, 'email', 'cancelled', 1, 8, 2)`,
    )
      .bind(`m_${id}`, karim.id)
      .run();
    const [one, other] = await Promise.all([1, 2].map(() => boss.act('POST', `/admin/notifications/${id}/retry`)));
    expect([one?.status, other?.status].toSorted()).toEqual([200, 409]);
    expect((one?.status === 200 ? one : other)?.body).toMatchObject({ id, state: 'scheduled', reason: null });
    expect((one?.status === 409 ? one : other)?.body.code).toBe('not_failed');
    expect(await env.DB.prepare('select 1 from messages where id = ?').bind(`m_${id}`).first()).toBeNull();
    // Its appointment is one that no day knows: when it goes, it is found to be no news.
    const row = await eventually(
      () => env.DB.prepare('select state, reason from notifications where id = ?').bind(id).first(),
      (now) => now?.state === 'suppressed',
    );
    expect(row).toEqual({ state: 'suppressed', reason: expect.any(String) });
    const { results } = await env.DB.prepare(
      `select subject_id, data from audit_events where stream = ? and action = 'notification.retried'`,
    )
      .bind(`account:${boss.id}`)
      .all<{ subject_id: string; data: string }>();
    expect(results.map(({ subject_id, data }) => [subject_id, JSON.parse(data)])).toEqual([
      [id, { kind: 'cancelled', channel: 'email', from: expect.anything() }],
    ]);
  });

  test('[NL2] nothing else goes again', async () => {
    for (const at of [0, 2, 4]) {
      expect((await boss.act('POST', `/admin/notifications/${ids[at]}/retry`)).body.code).toBe('not_failed');
    }
    for (const id of ['n_unknown', '%00', 'x'.repeat(300)]) {
      expect((await boss.act('POST', `/admin/notifications/${id}/retry`)).body.code).toBe('not_found');
    }
    expect((await karim.act('POST', `/admin/notifications/${ids[1]}/retry`)).status).toBe(403);
  });
});
