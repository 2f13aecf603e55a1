import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { doctorDays } from '../../../src/doctor-days/client.ts';
import { checkForDrift } from '../../../src/doctor-days/drift-check.ts';
import worker from '../../../src/worker.ts';
import { send } from '../../support/api.ts';
import { eventually, practice, signedIn, patient as someone } from '../../support/clinic.ts';
import { interceptDayQueue } from '../../support/day-queue.ts';
import { admin, type Person } from '../../support/people.ts';

let boss: Person;
beforeAll(async () => {
  boss = await admin();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const get = async <T>(path: string): Promise<T> => (await send('GET', path, { as: boss })).json<T>();
const post = async (path: string, body?: unknown) => {
  const answer = await send('POST', path, { as: boss, ...(body === undefined ? {} : { body }) });
  // biome-ignore lint/suspicious/noExplicitAny: the point of a story is to read any answer.
  return { status: answer.status, body: await answer.json<any>() };
};

/** A day with two confirmed appointments that D1 has taken. */
const projected = async () => {
  const { doctor, slot, date } = await practice();
  const patient = await someone();
  const other = await someone();
  const ids: string[] = [];
  for (const [who, time] of [
    [patient, '09:00'],
    [other, '10:00'],
  ] as const) {
    const { body } = await who.holds(await slot(time));
    await who.confirms(body.id);
    ids.push(body.id);
  }
  const path = `/admin/system/days/${doctor.id}/${date}`;
  await eventually(
    () => get<{ owed: number; findings: unknown[] }>(path),
    ({ owed, findings }) => owed === 0 && findings.length === 0,
  );
  return { doctor, date, path, ids: ids as [string, string], patient };
};
const row = (id: string) => env.DB.prepare('select * from appointments where id = ?').bind(id).first();

describe('a doctor-day against D1', () => {
  it('[AD20] a row that D1 lost, and one that it shows otherwise, are found and repaired; bookings go on', async () => {
    const { path, ids, patient } = await projected();
    const [lost, wrong] = ids;
    const [lostRow, wrongRow] = [await row(lost), await row(wrong)];
    await env.DB.batch([
      env.DB.prepare('delete from appointments where id = ?').bind(lost),
      env.DB.prepare(`update appointments set status = 'cancelled', seat = null, fee_minor = 1 where id = ?`).bind(
        wrong,
      ),
    ]);
    expect(await get(path)).toMatchObject({
      open: true,
      owed: 0,
      findings: expect.arrayContaining([
        { appointmentId: lost, kind: 'missing', fields: [] },
        { appointmentId: wrong, kind: 'different', fields: expect.arrayContaining(['seat', 'status', 'feeMinor']) },
      ]),
    });
    const repaired = await post(`${path}/repair`);
    expect([repaired.status, repaired.body.findings]).toEqual([200, []]);
    expect([await row(lost), await row(wrong)]).toEqual([lostRow, wrongRow]);
    expect((await patient.reads(lost)).body.status).toBe('confirmed');
  });

  it('[AD20] a row that claims a newer version than the day ever gave it does not stand either', async () => {
    const { path, ids } = await projected();
    const before = await row(ids[0]);
    await env.DB.prepare('update appointments set version = 999, starts_at_ms = starts_at_ms + 60000 where id = ?')
      .bind(ids[0])
      .run();
    expect((await post(`${path}/repair`)).body.findings).toEqual([]);
    expect(await row(ids[0])).toEqual(before);
  });

  it('[AD20] a row of nobody is told of, and not deleted by guesswork', async () => {
    const { path, ids } = await projected();
    const known = await env.DB.prepare('select * from appointments where id = ?').bind(ids[0]).first();
    const row = { ...known, id: `a_ghost${ids[0]}`, seat: null };
    const columns = Object.keys(row);
    await env.DB.prepare(`insert into appointments (${columns}) values (${columns.map(() => '?')})`)
      .bind(...Object.values(row))
      .run();
    const ghost = { appointmentId: `a_ghost${ids[0]}`, kind: 'unknown', fields: [] };
    expect((await get<{ findings: unknown[] }>(path)).findings).toEqual([ghost]);
    expect((await post(`${path}/repair`)).body.findings).toEqual([ghost]);
    await env.DB.prepare('delete from appointments where id = ?').bind(ghost.appointmentId).run();
  });

  it('[AD21] a sweep goes over every open day, page by page, and repairs what it finds if asked', async () => {
    const { ids, doctor, date } = await projected();
    await env.DB.prepare('delete from appointments where id = ?').bind(ids[0]).run();
    const sweepAll = async (repair: boolean) => {
      const found: { doctorId: string; date: string; findings: unknown[] }[] = [];
      let cursor: string | null = null;
      do {
        const { status, body }: Awaited<ReturnType<typeof post>> = await post('/admin/system/sweep', {
          limit: 7,
          repair,
          ...(cursor && { cursor }),
        });
        expect(status).toBe(200);
        found.push(...body.items);
        cursor = body.nextCursor;
      } while (cursor !== null);
      return found.filter((day) => day.doctorId === doctor.id && day.date === date);
    };
    expect(await sweepAll(false)).toMatchObject([{ findings: [{ appointmentId: ids[0], kind: 'missing' }] }]);
    expect(await row(ids[0])).toBeNull();
    expect(await sweepAll(true)).toMatchObject([{ findings: [] }]);
    expect(await row(ids[0])).not.toBeNull();
    expect(await sweepAll(false)).toEqual([]);
  });

  it('[AD21] checks and repairs are recorded, and no day is woken for an id of nobody', async () => {
    const { path, doctor } = await projected();
    await post(`${path}/repair`);
    const { results } = await env.DB.prepare(
      `select distinct action from audit_events where stream = ? and actor_id = ? and action like 'day.%' order by action`,
    )
      .bind(`doctor:${doctor.id}`, boss.id)
      .all();
    expect(results).toEqual([{ action: 'day.checked' }, { action: 'day.repaired' }]);
    for (const wrong of [
      'u_AAAAAAAAAAAAAAAA/2030-01-01',
      `${doctor.id}/2030-13-01`,
      `x/2030-01-01`,
      `${boss.id}/2030-01-01`,
    ]) {
      expect((await send('GET', `/admin/system/days/${wrong}`, { as: boss })).status, wrong).toBe(404);
    }
  });
});

describe('the overview', () => {
  it('[AD22] shows what days owe D1, by asking at most twenty of them', async () => {
    const { doctor, slot, date } = await practice();
    const day = { doctorId: doctor.id, date };
    expect(await doctorDays(env).status(day)).toEqual({ owed: 0, oldestOwedAtMs: null });
    await (await someone()).holds(await slot('09:00'));
    await eventually(
      () => doctorDays(env).status(day),
      ({ owed }) => owed === 0,
    );
    const before = Date.now();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(env.DB, 'batch').mockRejectedValue(new Error('D1_ERROR: no answer'));
    await (await someone()).holds(await slot('09:30'));
    const owing = await doctorDays(env).status(day);
    expect(owing.owed).toBeGreaterThan(0);
    expect(owing.oldestOwedAtMs).toBeGreaterThanOrEqual(before);
    vi.restoreAllMocks();
    await eventually(
      () => doctorDays(env).status(day),
      ({ owed }) => owed === 0,
    );
    const { days } = await get<{ days: { open: number; sample: { reached: boolean; owed: number }[] } }>(
      '/admin/system',
    );
    expect(days.open).toBeGreaterThan(0);
    expect(days.sample.length).toBeGreaterThan(0);
    expect(days.sample.length).toBeLessThanOrEqual(20);
    for (const one of days.sample) expect(one).toMatchObject({ reached: true, owed: expect.any(Number) });
  });

  it('[AD22] is for admins with the permission `system`', async () => {
    const other = await signedIn(boss.id, 'admin', { permissions: ['users', 'doctors', 'audit', 'finance'] });
    for (const path of ['/admin/system', '/admin/dead-letters'])
      expect((await other.act('GET', path)).status).toBe(403);
    expect((await other.act('POST', '/admin/system/sweep', {})).status).toBe(403);
  });
});

describe('dead letters', () => {
  const die = async (queue: string, id: string, body: unknown) => {
    const batch = createMessageBatch(queue, [{ id, timestamp: new Date(), attempts: 1, body }]);
    const context = createExecutionContext();
    await worker.queue(batch as never, env);
    return getQueueResult(batch, context);
  };

  it('[AD23] what a queue gave up is kept once, shown, and sent again once', async () => {
    const { messages } = interceptDayQueue();
    const body = { kind: 'schedule_changed', doctorId: 'u_AAAAAAAAAAAAAAAA', date: '2030-01-01' };
    const id = crypto.randomUUID();
    for (let times = 0; times < 2; times += 1) {
      expect((await die('daybook-days-dead', id, body)).explicitAcks).toEqual([id]);
    }
    const letters = async (query = '') =>
      (await get<{ items: { id: string }[] }>(`/admin/dead-letters?limit=100${query}`)).items.filter(
        (one) => one.id === id,
      );
    expect(await letters()).toMatchObject([{ queue: 'daybook-days', message: body, retriedAt: null }]);
    const answers = [await post(`/admin/dead-letters/${id}/retry`), await post(`/admin/dead-letters/${id}/retry`)];
    expect(answers.map(({ status, body: said }) => said.code ?? status)).toEqual([200, 'already_retried']);
    expect(messages).toEqual([body]);
    expect(await letters()).toEqual([]);
    expect(await letters('&state=all')).toHaveLength(1);
  });

  it('[AD23] a letter that D1 does not take comes again; one that the queue does not take stays', async () => {
    const id = crypto.randomUUID();
    vi.spyOn(env.DB, 'prepare').mockImplementation(() => {
      throw new Error('D1 is away');
    });
    const result = await die('daybook-messages-dead', id, { id: 'm_x' });
    vi.restoreAllMocks();
    expect(result.explicitAcks).toEqual([]);
    expect(result.retryMessages.map(({ msgId }) => msgId)).toEqual([id]);
    await die('daybook-messages-dead', id, { id: 'm_x' });
    vi.spyOn(env.MESSAGE_QUEUE, 'sendBatch').mockRejectedValue(new Error('the queue is away'));
    expect((await post(`/admin/dead-letters/${id}/retry`)).body.code).toBe('temporarily_unavailable');
    vi.restoreAllMocks();
    expect((await post(`/admin/dead-letters/${id}/retry`)).status).toBe(200);
  });
});

describe('the nightly check', () => {
  it('[JB9] finds a day that D1 shows otherwise, says which, raises it, and mends nothing', async () => {
    const { doctor, ids, date } = await projected();
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const raise = vi.fn(async (_alerts: unknown) => undefined);
    const alerting = {
      ...env,
      ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/hook',
      ALERT_WEBHOOK_SECRET: `whsec_${btoa('x'.repeat(32))}`,
      ALERT_RELAY: { getByName: () => ({ raise }) },
    } as unknown as Env;
    const check = () => checkForDrift(alerting, Date.now(), doctor.id);
    const before = await check();
    expect(before.checked).toBeGreaterThan(0);
    await env.DB.prepare(`update appointments set fee_minor = 1 where id = ?`).bind(ids[0]).run();
    const wrong = await row(ids[0]);
    const after = await check();
    expect([after.drifted - before.drifted, after.findings - before.findings]).toEqual([1, 1]);
    const subjectId = `${doctor.id}/${date}`;
    const told = { event: 'projection.drift', subjectId, count: 1, at: expect.any(String) };
    expect(raise.mock.calls).toContainEqual([[told]]);
    expect(errors.mock.calls.flat().join()).toContain(JSON.stringify({ day: subjectId, findings: 1 }).slice(1));
    expect(await row(ids[0])).toEqual(wrong);
  });
});
