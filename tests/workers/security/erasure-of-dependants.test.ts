import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { sealWaiting } from '../../../src/features/audit/seal.ts';
import { sweepErasures } from '../../../src/features/privacy/erase.ts';
import { type Actor, actor, eventually, practice } from '../../support/clinic.ts';
import { type Person, patient, signIn } from '../../support/people.ts';
import { everythingInD1, everythingInDays, found } from '../../support/storage.ts';
import { erases } from '../../support/whole-person.ts';

const password = 'Correct-Horse-7';
let heart: Awaited<ReturnType<typeof practice>>;
beforeAll(async () => {
  heart = await practice({ shape: { start: '00:00', end: '23:00', slotMinutes: 10 } });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A guardian with two dependants, of whom the first has a confirmed appointment with words. */
const family = async (time: string) => {
  const mark = `q${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const made: Person = await patient(`Nadia ${mark.slice(0, 4)}`);
  const add = async (fullName: string): Promise<string> => {
    const who = actor(await signIn(made.email));
    return (await who.act('POST', '/users/me/dependants', { fullName, birthDate: '2019-04-30' })).body.id;
  };
  const [child, sibling] = [await add(`Tuli ${mark}`), await add('Mitu Islam')];
  const guardian = actor(await signIn(made.email));
  const slotId = await heart.slot(time);
  const hold = await guardian.act('POST', '/appointments', {
    ...{ slotId, patientId: child, reason: `${mark} cough` },
  });
  expect(hold.status).toBe(201);
  await guardian.confirms(hold.body.id);
  await eventually(
    () => env.DB.prepare('select version from appointments where id = ?').bind(hold.body.id).first<number>('version'),
    (version) => (version ?? 0) > 1,
  );
  return { guardian, email: made.email, child, sibling, mark, appointment: hold.body.id as string };
};

const dependantsOf = async (who: Actor): Promise<string[]> =>
  (await who.act('GET', '/users/me/dependants')).body.items.map(({ id }: { id: string }) => id);

describe('a dependant', () => {
  test('[DP16] is erased alone by the guardian, who stays and has the others', async () => {
    const { guardian, email, child, sibling, mark, appointment } = await family('09:00');
    const wrong = await guardian.act('POST', `/users/${child}/erasure`, { password: 'Wrong-Horse-7' });
    expect([wrong.status, wrong.body.code]).toEqual([403, 'wrong_password']);
    const offer = await guardian.act('POST', `/users/${child}/erasure`, { password });
    expect(offer.body).toMatchObject({ appointments: 1, dependants: 0 });
    const other = await guardian.act('DELETE', `/users/${sibling}`, { confirmation: offer.body.confirmation });
    expect(other.body.code).toBe('confirmation_needed');
    const { confirmation } = offer.body;
    expect((await guardian.act('DELETE', `/users/${child}`, { confirmation })).body).toEqual({ state: 'erased' });
    expect((await guardian.act('GET', '/users/me/dependants')).status).toBe(401);
    const again = actor(await signIn(email));
    expect(await dependantsOf(again)).toEqual([sibling]);
    expect((await again.act('POST', `/users/${child}/erasure`, { password })).status).toBe(404);
    expect((await heart.doctor.reads(appointment)).body).toMatchObject({ status: 'cancelled', reason: null });
    expect(found([await everythingInD1(), await everythingInDays()].join('\n'), [mark])).toEqual([]);
    const keys = await env.DB.prepare('select subject_id, wrapped from data_keys where subject_id in (?, ?)')
      .bind(child, guardian.id)
      .all<{ subject_id: string; wrapped: string | null }>();
    expect(Object.fromEntries(keys.results.map((row) => [row.subject_id, row.wrapped]))).toEqual({
      [child]: null,
      [guardian.id]: expect.any(String),
    });
  });

  test('[DP16][DP12] is erased by an admin for users, of which the guardian’s audit tells', async () => {
    const { guardian, child } = await family('10:00');
    expect((await erases(heart.admin, child, password)).status).toBe(202);
    const stream = `account:${guardian.id}`;
    const row = await env.DB.prepare(
      `select actor_id, subject_id, data -> '$.from' is not null as came from audit_events
       where stream = ? and action = 'dependant.erased'`,
    )
      .bind(stream)
      .first();
    expect(row).toEqual({ actor_id: heart.admin.id, subject_id: child, came: 1 });
    await sealWaiting(env.DB);
    const verified = await heart.admin.act('GET', `/admin/audit/verify?stream=${encodeURIComponent(stream)}`);
    expect(verified.body.findings).toEqual([]);
  });

  test('[DP8] of somebody else is to a stranger like nobody', async () => {
    const { child } = await family('11:00');
    const stranger = actor(await patient());
    const answers = [child, `${child.slice(0, -4)}AAAA`].map((id) =>
      stranger.act('POST', `/users/${id}/erasure`, { password }),
    );
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([404, 404]);
  });

  test('[DP11] whose erasure breaks off is out of reach already, and a minute later all of it is done', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { guardian, email, child, mark, appointment } = await family('12:00');
    const { confirmation } = (await guardian.act('POST', `/users/${child}/erasure`, { password })).body;
    vi.spyOn(env.DOCTOR_DAY, 'getByName').mockImplementation(() => {
      throw new Error('out of reach');
    });
    expect((await guardian.act('DELETE', `/users/${child}`, { confirmation })).body).toEqual({ state: 'erasing' });
    vi.restoreAllMocks();
    expect(await dependantsOf(actor(await signIn(email)))).not.toContain(child);
    await sweepErasures(env, Date.now() + 120_000);
    expect((await heart.doctor.reads(appointment)).body.status).toBe('cancelled');
    expect(found(await everythingInD1(), [mark])).toEqual([]);
  });
});
