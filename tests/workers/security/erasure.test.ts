import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { accountId } from '../../../src/domain/ids.ts';
import { sealWaiting } from '../../../src/features/audit/seal.ts';
import { sweepErasures } from '../../../src/features/privacy/erase.ts';
import { type SecurityEvent, securityLog } from '../../../src/http/security-event.ts';
import { send } from '../../support/api.ts';
import { actor, eventually, practice } from '../../support/clinic.ts';
import { admin, patient, signIn, unverifiedDoctor } from '../../support/people.ts';
import { everythingInD1, everythingInDays, everythingInObjects, found } from '../../support/storage.ts';
import { erases, uniquePatient, withAppointments } from '../../support/whole-person.ts';

let clinic: Awaited<ReturnType<typeof practice>>;
beforeAll(async () => {
  clinic = await practice({ shape: { start: '00:00', end: '23:00', slotMinutes: 10 } });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const minuteMs = 60_000;
const stepOf = (id: string) =>
  env.DB.prepare('select step from erasures where account_id = ?').bind(id).first<string>('step');
const statusesOf = async (ids: readonly string[]): Promise<string[]> =>
  Promise.all(ids.map(async (id) => (await clinic.doctor.reads(id)).body.status));

describe('to erase a patient', () => {
  test('[DP8] takes a password and a confirmation, for this person, by this person', async () => {
    const [amina, badal] = [actor(await patient()), actor(await patient())];
    const wrong = await amina.act('POST', `/users/${amina.id}/erasure`, { password: 'Wrong-Horse-7' });
    expect([wrong.status, wrong.body.code]).toEqual([403, 'wrong_password']);
    const own = await amina.act('POST', `/users/${amina.id}/erasure`, { password: 'Correct-Horse-7' });
    expect(own.body).toMatchObject({ appointments: 0, dependants: 0 });
    const others = await badal.act('POST', `/users/${badal.id}/erasure`, { password: 'Correct-Horse-7' });
    const { confirmation } = own.body;
    const late = String(Number(confirmation.slice(0, 13)) + minuteMs);
    for (const text of ['x', others.body.confirmation, `${late}${confirmation.slice(13)}`, `${confirmation}A`]) {
      const refused = await amina.act('DELETE', `/users/${amina.id}`, { confirmation: text });
      expect([refused.status, refused.body.code]).toEqual([422, 'confirmation_needed']);
    }
    expect((await amina.lists()).status).toBe(200);
  });

  test('[DP8] is good for ten minutes after it was confirmed', async () => {
    const amina = await patient();
    const boss = clinic.admin;
    const offer = await boss.act('POST', `/users/${amina.id}/erasure`, { password: 'Correct-Horse-7' });
    vi.useFakeTimers({ now: Date.now() + 10 * minuteMs + 1, toFake: ['Date'] });
    const refused = await boss.act('DELETE', `/users/${amina.id}`, { confirmation: offer.body.confirmation });
    expect(refused.body.code).toBe('confirmation_needed');
  });

  test('[DP8] is not for strangers, who cannot tell who exists, nor for admins without the permission', async () => {
    const [amina, badal] = [await patient(), actor(await patient())];
    const nobody = `${amina.id.slice(0, -4)}AAAA`;
    const tried = await Promise.all(
      [amina.id, nobody, 'x'].map(async (id) => {
        const { instance: _, ...body } = (
          await badal.act('POST', `/users/${id}/erasure`, { password: 'Correct-Horse-7' })
        ).body;
        return body;
      }),
    );
    expect(tried.map(({ code }) => code)).toEqual(['not_found', 'not_found', 'not_found']);
    expect(new Set(tried.map((body) => JSON.stringify(body))).size).toBe(1);
    const clerk = await admin();
    await env.DB.prepare(`update accounts set permissions = '["audit"]' where id = ?`).bind(clerk.id).run();
    const signed = actor(await signIn(clerk.email));
    expect((await signed.act('POST', `/users/${amina.id}/erasure`, { password: 'Correct-Horse-7' })).status).toBe(403);
  });

  test('[DP8] is a security event, and so is taking everything out', async () => {
    const events: SecurityEvent[] = [];
    vi.spyOn(securityLog, 'write').mockImplementation((event) => void events.push(event));
    const amina = actor(await patient());
    await erases(amina, amina.id, 'Correct-Horse-7');
    await expect
      .poll(() => events.map(({ event, subjectId }) => [event, subjectId]))
      .toContainEqual(['account.erased', amina.id]);
  });

  test('[AC3] an appointment of somebody who was erased is to a stranger like one that does not exist', async () => {
    const [amina, badal] = [actor(await patient()), actor(await patient())];
    const { id } = (await amina.holds(await clinic.slot('11:00'))).body;
    await erases(amina, amina.id, 'Correct-Horse-7');
    for (const stranger of [badal, actor(await patient())]) {
      const refused = [
        await stranger.cancels(id, 'I am somebody else'),
        await stranger.act('PUT', `/appointments/${id}`, { reason: 'x' }),
      ];
      expect(refused.map(({ status, body }) => [status, body.code])).toEqual([
        [404, 'not_found'],
        [404, 'not_found'],
      ]);
    }
  });

  test('[DP9] leaves an account that no admin makes active again, nor anything else', async () => {
    const amina = actor(await patient());
    await erases(amina, amina.id, 'Correct-Horse-7');
    const boss = actor(await admin());
    for (const change of [{ active: true }, { role: 'staff' }, { role: 'admin', permissions: ['users'] }]) {
      const answer = await boss.act('PUT', `/admin/users/${amina.id}`, change);
      expect([answer.status, answer.body.code]).toEqual([409, 'person_erased']);
    }
  });

  test('[DP8] is for patients: doctors and admins are deactivated instead', async () => {
    const doctor = await unverifiedDoctor();
    for (const id of [doctor.id, clinic.admin.id]) {
      const refused = await clinic.admin.act('POST', `/users/${id}/erasure`, { password: 'Correct-Horse-7' });
      expect([refused.status, refused.body.code]).toEqual([409, 'not_erasable']);
    }
  });
});

describe('after an erasure', () => {
  test('[DP9] nothing of the person is left in the clear, and no word can be opened', async () => {
    const zubaida = await uniquePatient();
    const { cancelled, toCome } = await withAppointments(zubaida, clinic, 1);
    await send('PUT', `/appointments/${toCome[0]}`, {
      as: zubaida.person,
      body: { reason: `${zubaida.mark} again` },
      headers: { 'idempotency-key': crypto.randomUUID() },
    });
    const answer = await erases(zubaida.self, zubaida.person.id, zubaida.person.password);
    expect([answer.status, answer.body]).toEqual([202, { state: 'erased' }]);
    await eventually(
      () => statusesOf(toCome),
      (all) => all.every((status) => status === 'cancelled'),
    );
    const held = [await everythingInD1(), await everythingInDays(), await everythingInObjects(env.DOCUMENTS)].join(
      '\n',
    );
    expect(held).toContain(zubaida.person.id);
    expect(found(held, [zubaida.mark, zubaida.phone])).toEqual([]);
    const seen = await clinic.doctor.reads(cancelled);
    expect(seen.body).toMatchObject({ status: 'cancelled', reason: null, symptoms: null, statusReason: null });
    for (const path of ['/appointments?limit=100', `/appointments/${cancelled}`, `/admin/audit?limit=100`]) {
      for (const who of [clinic.doctor, clinic.admin]) {
        expect(JSON.stringify((await who.act('GET', path)).body)).not.toContain(zubaida.mark);
      }
    }
  });

  test('[DP9] the data key is destroyed and never made again, also by a request on its way', async () => {
    const zubaida = await uniquePatient();
    const { cancelled } = await withAppointments(zubaida, clinic, 0);
    const kept = await env.DB.prepare('select * from data_keys where subject_id = ?').bind(zubaida.person.id).first();
    expect(kept?.wrapped).not.toBeNull();
    await erases(zubaida.self, zubaida.person.id, zubaida.person.password);
    const row = await env.DB.prepare('select wrapped, destroyed_at_ms from data_keys where subject_id = ?')
      .bind(zubaida.person.id)
      .first();
    expect(row).toEqual({ wrapped: null, destroyed_at_ms: expect.any(Number) });
    const late = await clinic.doctor.cancels(cancelled, 'a word too late');
    expect([late.status, late.body.code]).toEqual([409, 'person_erased']);
  });

  test('[DP9] the e-mail address and the phone number are free, and whoever has them next sees nothing', async () => {
    const zubaida = await uniquePatient();
    await withAppointments(zubaida, clinic, 0);
    await erases(zubaida.self, zubaida.person.id, zubaida.person.password);
    const { email, phone } = zubaida;
    const again = await send('POST', '/auth/register', {
      body: { email, phone, password: 'Correct-Horse-7', fullName: 'Somebody Else', role: 'patient' },
    });
    expect(again.status).toBe(201);
    const { user, accessToken } = await again.json<{ user: { id: string }; accessToken: string }>();
    expect(user.id).not.toBe(zubaida.person.id);
    expect((await actor({ id: user.id, token: accessToken }).lists()).body.items).toEqual([]);
  });

  test('[DP10] every session has ended at once, and the password opens nothing', async () => {
    const zubaida = await uniquePatient();
    const second = await signIn(zubaida.email);
    await erases(zubaida.self, zubaida.person.id, zubaida.person.password);
    for (const token of [zubaida.person.token, second.token]) {
      expect((await send('GET', '/auth/me', { as: { token } })).status).toBe(401);
    }
    for (const { refreshToken } of [zubaida.person, second]) {
      expect((await send('POST', '/auth/refresh', { body: { refreshToken } })).status).toBe(401);
    }
    const { email, password } = zubaida.person;
    expect((await send('POST', '/auth/login', { body: { email, password } })).status).toBe(401);
  });

  test('[DP10] appointments to come are cancelled and their seats free', async () => {
    const zubaida = await uniquePatient();
    const { toCome, slots } = await withAppointments(zubaida, clinic, 2);
    const offer = await clinic.admin.act('POST', `/users/${zubaida.person.id}/erasure`, {
      password: 'Correct-Horse-7',
    });
    expect(offer.body.appointments).toBe(2);
    const { confirmation } = offer.body;
    expect((await clinic.admin.act('DELETE', `/users/${zubaida.person.id}`, { confirmation })).status).toBe(202);
    expect(await statusesOf(toCome)).toEqual(['cancelled', 'cancelled']);
    const free = new Set((await clinic.slotsOn()).filter(({ remaining }) => remaining > 0).map(({ id }) => id));
    expect(slots.every((slot) => free.has(slot))).toBe(true);
  });

  test('[DP10] one that reaches D1 late is cancelled as well', async () => {
    const zubaida = await uniquePatient();
    const { toCome } = await withAppointments(zubaida, clinic, 1);
    await env.DB.prepare('update appointments set seat = null where id = ?').bind(toCome[0]).run();
    await erases(zubaida.self, zubaida.person.id, zubaida.person.password);
    expect(await statusesOf(toCome)).toEqual(['confirmed']);
    await env.DB.prepare('update appointments set seat = 1 where id = ?').bind(toCome[0]).run();
    await sweepErasures(env, Date.now() + 3 * minuteMs);
    expect(await statusesOf(toCome)).toEqual(['cancelled']);
  });

  test('[DP10] dependants are erased with their guardian', async () => {
    const zubaida = await uniquePatient();
    const child = accountId(crypto.getRandomValues(new Uint8Array(12)));
    await env.DB.prepare(
      `insert into dependants (id, guardian_id, full_name, birth_date, created_at_ms) values (?, ?, ?, '2020-02-29', 0)`,
    )
      .bind(child, zubaida.person.id, `${zubaida.mark} child`)
      .run();
    const offer = await clinic.admin.act('POST', `/users/${zubaida.person.id}/erasure`, {
      password: 'Correct-Horse-7',
    });
    expect(offer.body.dependants).toBe(1);
    await clinic.admin.act('DELETE', `/users/${zubaida.person.id}`, { confirmation: offer.body.confirmation });
    expect(found(await everythingInD1(), [zubaida.mark])).toEqual([]);
    const key = await env.DB.prepare('select destroyed_at_ms from data_keys where subject_id = ?')
      .bind(child)
      .first('destroyed_at_ms');
    expect(key).toEqual(expect.any(Number));
  });

  test('[DP12] the audit keeps every row, verifies, and says who erased whom', async () => {
    const zubaida = await uniquePatient();
    const stream = `account:${zubaida.person.id}`;
    const rowsOf = async () =>
      (
        await env.DB.prepare('select seq, action, actor_id as actor from audit_events where stream = ? order by seq')
          .bind(stream)
          .all<{ seq: number; action: string; actor: string }>()
      ).results;
    const before = await rowsOf();
    await erases(clinic.admin, zubaida.person.id, 'Correct-Horse-7');
    const after = await rowsOf();
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after).toContainEqual(expect.objectContaining({ action: 'account.erased', actor: clinic.admin.id }));
    await sealWaiting(env.DB);
    const verified = await clinic.admin.act('GET', `/admin/audit/verify?stream=${encodeURIComponent(stream)}`);
    expect(verified.status).toBe(200);
    expect(JSON.stringify(verified.body)).not.toMatch(/broken|edited|missing/);
  });
});

describe('an erasure that breaks off', () => {
  test('[DP11] while appointments are cancelled: the person is out already, and a minute later all of it is done', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const zubaida = await uniquePatient();
    const { toCome } = await withAppointments(zubaida, clinic, 1);
    const offer = await zubaida.self.act('POST', `/users/${zubaida.person.id}/erasure`, {
      password: zubaida.person.password,
    });
    vi.spyOn(env.DOCTOR_DAY, 'getByName').mockImplementation(() => {
      throw new Error('out of reach');
    });
    const body = { confirmation: offer.body.confirmation };
    const answer = await zubaida.self.act('DELETE', `/users/${zubaida.person.id}`, body);
    expect([answer.status, answer.body]).toEqual([202, { state: 'erasing' }]);
    vi.restoreAllMocks();
    expect((await zubaida.self.lists()).status).toBe(401);
    expect(await stepOf(zubaida.person.id)).toBe('started');
    await sweepErasures(env, Date.now() + 2 * minuteMs);
    expect(await stepOf(zubaida.person.id)).toBe('shredded');
    expect(await statusesOf(toCome)).toEqual(['cancelled']);
    expect(found(await everythingInD1(), [zubaida.mark])).toEqual([]);
    await sweepErasures(env, Date.now() + 9 * minuteMs);
    expect(await stepOf(zubaida.person.id)).toBe('done');
  });

  test('[DP11] before the point of no return: nothing is half erased', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const zubaida = await uniquePatient();
    const offer = await clinic.admin.act('POST', `/users/${zubaida.person.id}/erasure`, {
      password: 'Correct-Horse-7',
    });
    const prepare = env.DB.prepare.bind(env.DB);
    vi.spyOn(env.DB, 'prepare').mockImplementation((sql) => prepare(/"passkeys"/.test(sql) ? 'no sql at all' : sql));
    const body = { confirmation: offer.body.confirmation };
    const answer = await clinic.admin.act('DELETE', `/users/${zubaida.person.id}`, body);
    expect(answer.body).toEqual({ state: 'erasing' });
    vi.restoreAllMocks();
    const row = () =>
      env.DB.prepare('select a.email, k.wrapped from accounts a join data_keys k on k.subject_id = a.id where a.id = ?')
        .bind(zubaida.person.id)
        .first<{ email: string; wrapped: string | null }>();
    expect(await row()).toEqual({ email: zubaida.email, wrapped: expect.any(String) });
    await sweepErasures(env, Date.now() + 2 * minuteMs);
    expect(await row()).toEqual({ email: `${zubaida.person.id}@erased.invalid`, wrapped: null });
  });

  test('[DP11] or is asked for twice, at once and again, is one erasure', async () => {
    const zubaida = await uniquePatient();
    const { id } = zubaida.person;
    const offer = await clinic.admin.act('POST', `/users/${id}/erasure`, { password: 'Correct-Horse-7' });
    const { confirmation } = offer.body;
    const ask = () => clinic.admin.act('DELETE', `/users/${id}`, { confirmation });
    const answers = [...(await Promise.all([ask(), ask()])), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    const count = await env.DB.prepare(`select count(*) as n from audit_events where stream = ? and action = ?`)
      .bind(`account:${id}`, 'account.erased')
      .first('n');
    expect(count).toBe(1);
  });
});
