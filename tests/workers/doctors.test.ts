import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { send } from '../support/api.ts';
import { admin, doctor, type Person, patient, unverifiedDoctor } from '../support/people.ts';
import { clinicIn, codeOf, names, type Profile } from '../support/search.ts';

let boss: Person;
beforeAll(async () => {
  boss = await admin();
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
        reviewCount: 0,
      });
    }
    const verified = await send('POST', `/admin/doctors/${person.id}/verify`, { as: boss });
    expect([verified.status, (await verified.json<Profile>()).verified]).toEqual([200, true]);
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
    const made = await answer.json<Profile>();
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
      clinics: [clinic],
    });
    expect(await names('q=old%20nameworthy')).toEqual([]);
    // The name is on the licence: somebody has to look first.
    expect(await names('q=fresh%20onco%20sylhet')).toEqual([]);
    await send('POST', `/admin/doctors/${person.id}/verify`, { as: boss });
    expect(await names('q=fresh%20onco%20sylhet')).toEqual(['Fresh Nameworthy']);
    const me = await (await send('GET', '/auth/me', { as: person })).json<{ fullName: string }>();
    expect(me.fullName).toBe('Fresh Nameworthy');
    await send('PUT', `/doctors/${person.id}`, { as: person, body: { clinicIds: [] } });
    expect(await names('q=fresh%20sylhet')).toEqual([]);
    expect(await names('city=sylhet')).not.toContain('Fresh Nameworthy');
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
    expect((await answer.json<Profile>()).licenseNumber).toBe(body.licenseNumber.toUpperCase().replace(' ', '-'));
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
