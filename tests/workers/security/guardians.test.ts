import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { send } from '../../support/api.ts';
import { type Actor, actor, practice, signedIn } from '../../support/clinic.ts';
import { type Person, patient } from '../../support/people.ts';

const child = { fullName: 'Tuli Islam', birthDate: '2019-04-30' };

let heart: Awaited<ReturnType<typeof practice>>;

type Guardian = Person & Actor;
const person = async (name = 'Nadia Islam'): Promise<Guardian> => {
  const made = await patient(name);
  return { ...made, ...actor(made) };
};

/** The same person with the token that the session gives now. */
const refreshed = async (who: Guardian): Promise<Guardian> => {
  const { status, body } = await who.act('POST', '/auth/refresh', { refreshToken: who.refreshToken });
  expect(status).toBe(200);
  const again = { ...who, token: body.accessToken, refreshToken: body.refreshToken };
  return { ...again, ...actor(again) };
};

/** A guardian with a dependant whose token says so. */
const guardianWith = async (particulars = child): Promise<{ guardian: Guardian; childId: string }> => {
  const who = await person();
  const added = await who.act('POST', '/users/me/dependants', particulars);
  expect(added.status).toBe(201);
  return { guardian: await refreshed(who), childId: added.body.id };
};

beforeAll(async () => {
  heart = await practice({ shape: { start: '00:00', end: '23:30' } });
});

describe('a dependant', () => {
  test('[AC31] is kept by the guardian: added, listed, corrected, removed', async () => {
    const { guardian, childId } = await guardianWith();
    expect((await guardian.act('GET', '/users/me/dependants')).body.items).toEqual([
      { id: childId, ...child, createdAt: expect.any(String) },
    ]);
    const corrected = { fullName: 'Tuli Rahman', birthDate: '2019-05-01' };
    const put = await guardian.act('PUT', `/users/me/dependants/${childId}`, corrected);
    expect(put).toMatchObject({ status: 200, body: corrected });
    expect((await send('DELETE', `/users/me/dependants/${childId}`, { as: guardian })).status).toBe(204);
    const again = await refreshed(guardian);
    expect((await again.act('GET', '/users/me/dependants')).body.items).toEqual([]);
    expect((await again.act('PUT', `/users/me/dependants/${childId}`, corrected)).status).toBe(404);
  });

  test('[AC32] a token that does not name them ends at once, and the session goes on with one that does', async () => {
    const who = await person();
    const { body } = await who.act('POST', '/users/me/dependants', child);
    expect((await who.lists()).status).toBe(401);
    const held = await (await refreshed(who)).holds(await heart.slot('00:00'), { patientId: body.id });
    expect(held.status).toBe(201);
  });

  test('[AC32] one who was removed is out of reach with the token of before, which ends', async () => {
    const { guardian, childId } = await guardianWith();
    expect((await send('DELETE', `/users/me/dependants/${childId}`, { as: guardian })).status).toBe(204);
    const slot = await heart.slot('00:30');
    expect((await guardian.holds(slot, { patientId: childId })).status).toBe(401);
    expect((await (await refreshed(guardian)).holds(slot, { patientId: childId })).body.code).toBe('forbidden');
    // Even a token that names them by mistake finds no such patient any more.
    const forged = await signedIn(guardian.id, 'patient', { dependantIds: [childId] });
    expect((await forged.holds(slot, { patientId: childId })).body.code).toBe('unknown_patient');
  });

  test('[AC31] somebody else’s is like one who does not exist', async () => {
    const { childId } = await guardianWith();
    const stranger = await person('Karim Uddin');
    for (const id of [childId, 'u_AAAAAAAAAAAAAAAA', 'x', `${childId}A`]) {
      for (const [method, body] of [['PUT', child] as const, ['DELETE', undefined] as const]) {
        const reply = await stranger.act(method, `/users/me/dependants/${id}`, body);
        expect([reply.status, reply.body.code]).toEqual([404, 'not_found']);
      }
    }
    expect((await stranger.act('GET', '/users/me/dependants')).body.items).toEqual([]);
    const kept = await env.DB.prepare('select full_name, removed_at_ms from dependants where id = ?')
      .bind(childId)
      .first();
    expect(kept).toEqual({ full_name: child.fullName, removed_at_ms: null });
  });

  test('[AC31] at most twenty, also when they are added at once', async () => {
    const who = await person();
    const adding = Array.from({ length: 24 }, () => who.act('POST', '/users/me/dependants', child));
    const codes = (await Promise.all(adding)).map(({ status, body }) => body.code ?? status);
    // Some come after the first has ended the token.
    expect(codes.filter((code) => code === 201).length).toBeLessThanOrEqual(20);
    let guardian = await refreshed(who);
    for (let i = 0; i < 21; i += 1) {
      await guardian.act('POST', '/users/me/dependants', child);
      guardian = await refreshed(guardian);
    }
    expect((await guardian.act('POST', '/users/me/dependants', child)).body.code).toBe('too_many_items');
    expect((await guardian.act('GET', '/users/me/dependants')).body.items).toHaveLength(20);
  });

  test('[AC31] has a birthday that was, and a name', async () => {
    const who = await person();
    const wrong = ['2019-02-30', '1899-12-31', '2999-01-01', '30.04.2019', '2019-4-30', '', null, 20190430];
    for (const birthDate of wrong) {
      expect((await who.act('POST', '/users/me/dependants', { ...child, birthDate })).body.code).toBe(
        'invalid_request',
      );
    }
    for (const fullName of ['', ' ', 'a\nb', 'x'.repeat(121)]) {
      expect((await who.act('POST', '/users/me/dependants', { ...child, fullName })).status).toBe(400);
    }
    expect((await who.lists()).status).toBe(200);
  });

  test('[AC31] is not let go of while appointments are to come', async () => {
    const { guardian, childId } = await guardianWith();
    const { body } = await guardian.holds(await heart.slot('01:00'), { patientId: childId });
    await guardian.confirms(body.id);
    await expect.poll(async () => (await guardian.lists()).body.items.length).toBe(1);
    const path = `/users/me/dependants/${childId}`;
    expect((await guardian.act('DELETE', path)).body.code).toBe('has_appointments');
    await guardian.cancels(body.id);
    await expect.poll(async () => (await send('DELETE', path, { as: guardian })).status).toBe(204);
  });
});

describe('a guardian', () => {
  test('[AC20] books for a dependant, and does with it what a patient does', async () => {
    const { guardian, childId } = await guardianWith();
    const words = { reason: 'Vaccination of the little one', symptoms: 'Cries at night since Monday' };
    const held = await guardian.holds(await heart.slot('02:00'), { patientId: childId, ...words });
    expect(held).toMatchObject({ status: 201, body: { patientId: childId, ...words } });
    const { id } = held.body;
    expect((await guardian.confirms(id)).body.status).toBe('confirmed');
    expect((await guardian.act('PUT', `/appointments/${id}`, { symptoms: null })).body.symptoms).toBeNull();
    expect((await guardian.moves(id, await heart.slot('02:30'))).status).toBe(200);
    expect((await guardian.reads(id)).body).toMatchObject({ patientName: child.fullName, reason: words.reason });
    expect((await heart.doctor.reads(id)).body).toMatchObject({ patientName: child.fullName, reason: words.reason });
    expect((await guardian.cancels(id, 'Better again')).body.statusReason).toBe('Better again');
  });

  test('[AC20] lists own appointments and those of dependants together, and of one alone when asked', async () => {
    const { guardian, childId } = await guardianWith();
    const own = (await guardian.holds(await heart.slot('03:00'))).body.id;
    const theirs = (await guardian.holds(await heart.slot('03:30'), { patientId: childId })).body.id;
    await expect.poll(async () => ids((await guardian.lists()).body.items)).toEqual([own, theirs]);
    expect(ids((await guardian.lists(`?patientId=${childId}`)).body.items)).toEqual([theirs]);
    expect(ids((await guardian.lists(`?patientId=${guardian.id}`)).body.items)).toEqual([own]);
    const stranger = await person('Karim Uddin');
    expect((await stranger.lists(`?patientId=${childId}`)).body.items).toEqual([]);
    const first = (await guardian.lists('?limit=1')).body;
    expect(ids(first.items)).toEqual([own]);
    expect(ids((await guardian.lists(`?limit=1&cursor=${first.nextCursor}`)).body.items)).toEqual([theirs]);
  });

  test('[AC20] nobody books for, reads or touches a patient who is no dependant of theirs', async () => {
    const { guardian, childId } = await guardianWith();
    const stranger = await person('Karim Uddin');
    const held = (await guardian.holds(await heart.slot('04:00'), { patientId: childId })).body;
    const slot = await heart.slot('05:00');
    for (const patientId of [childId, guardian.id, heart.doctor.id, 'u_AAAAAAAAAAAAAAAA', 'x', '']) {
      expect((await stranger.holds(slot, { patientId })).body.code).toBe('forbidden');
    }
    for (const reply of [
      await stranger.reads(held.id),
      await stranger.confirms(held.id),
      await stranger.cancels(held.id),
      await stranger.moves(held.id, slot),
      await stranger.act('PUT', `/appointments/${held.id}`, { reason: 'mine now' }),
    ]) {
      expect([reply.status, reply.body.code]).toEqual([404, 'not_found']);
    }
    // And the guardian not for the stranger.
    expect((await guardian.holds(slot, { patientId: stranger.id })).body.code).toBe('forbidden');
  });

  test('[AC21] doctors and admins book for patients there are, on days that are theirs', async () => {
    const { childId } = await guardianWith();
    const [own, free] = [await heart.slot('06:00'), await heart.slot('06:30')];
    const held = await heart.doctor.holds(own, { patientId: childId, reason: 'A second look at it' });
    expect(held.body).toMatchObject({ patientId: childId, reason: 'A second look at it' });
    expect((await heart.doctor.confirms(held.body.id)).body.status).toBe('confirmed');
    for (const patientId of ['u_AAAAAAAAAAAAAAAA', heart.doctor.id, heart.admin.id, 'x', undefined]) {
      const body = patientId === undefined ? {} : { patientId };
      expect((await heart.doctor.holds(free, body)).body.code).toBe('unknown_patient');
      expect((await heart.admin.holds(free, body)).body.code).toBe('unknown_patient');
    }
    const other = await practice();
    expect((await other.doctor.holds(free, { patientId: childId })).body.code).toBe('forbidden');
    expect((await heart.doctor.cancels(held.body.id)).status).toBe(200);
  });

  test('[AC21] nobody books for somebody who was deactivated', async () => {
    const gone = await person('Gone Away');
    await env.DB.prepare('update accounts set deactivated_at_ms = 1 where id = ?').bind(gone.id).run();
    const reply = await heart.doctor.holds(await heart.slot('07:00'), { patientId: gone.id });
    expect(reply.body.code).toBe('unknown_patient');
  });
});

const ids = (items: { id: string }[]): string[] => items.map(({ id }) => id);
