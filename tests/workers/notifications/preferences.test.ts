import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { database } from '../../../src/db/client.ts';
import { channelsFor, offsetsFor } from '../../../src/domain/notifications/preferences.ts';
import { newAccountId } from '../../../src/features/identity/account.ts';
import { preferencesOf } from '../../../src/notifications/preferences.ts';
import { type Actor, actor, signedIn } from '../../support/clinic.ts';
import { admin, type Person, patient, unverifiedDoctor } from '../../support/people.ts';
import { erases } from '../../support/whole-person.ts';

const path = '/users/me/notification-preferences';
const chooses = (who: Actor, body: unknown) => who.act('PUT', path, body);
const someone = async () => actor(await patient());
const inForce = async (id: string) => {
  const found = (await preferencesOf(database(env.DB), [id])).get(id);
  if (found === undefined) throw new Error('every account has preferences');
  return found;
};
const rowsOf = async (id: string) => {
  const { results } = await env.DB.prepare(
    `select action, data from audit_events where stream = ? and action like 'notification_pref%' order by seq`,
  )
    .bind(`account:${id}`)
    .all<{ action: string; data: string }>();
  return results.map(({ action, data }) => [action, JSON.parse(data)]);
};

let nadia: Actor;
let rahima: Actor;
beforeAll(async () => {
  nadia = await someone();
  rahima = actor(await unverifiedDoctor());
});

describe('preferences', () => {
  test('[NP1] of who has chosen nothing are the defaults', async () => {
    const { status, body } = await (await someone()).act('GET', path);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      locale: 'en',
      channels: ['email', 'push', 'sms'],
      reminderMinutes: null,
      quietHours: { from: '22:00', to: '07:00', timeZone: null },
      updatedAt: null,
    });
    expect(body.kinds.reminder).toEqual({ email: true, push: true, sms: true, in_app: true });
    expect(body.kinds.completed).toEqual({ email: false, push: false, sms: false, in_app: true });
    // Those of doctors, and those that nobody chooses about, are not there.
    expect(Object.keys(body.kinds)).not.toEqual(expect.arrayContaining(['digest']));
    expect(body.kinds).not.toHaveProperty('security');
    expect(body).not.toHaveProperty('patientReminderMinutes');
  });

  test('[NP1] what a change leaves out stays, and what it says is what the sender goes by', async () => {
    await chooses(nadia, { kinds: { reminder: { email: false }, cancelled: { push: false } }, locale: 'bn' });
    const { body } = await chooses(nadia, { kinds: { reminder: { sms: false } }, channels: ['sms', 'push'] });
    expect(body.locale).toBe('bn');
    expect(body.channels).toEqual(['sms', 'push', 'email']);
    expect(body.kinds.reminder).toEqual({ email: false, push: true, sms: false, in_app: true });
    expect((await nadia.act('GET', path)).body).toEqual(body);
    const preferences = await inForce(nadia.id);
    expect(channelsFor(preferences, 'reminder', 'patient')).toEqual(['push', 'in_app']);
    expect(channelsFor(preferences, 'cancelled', 'patient')).toEqual(['sms', 'email', 'in_app']);
    expect(channelsFor(preferences, 'confirmed', 'patient')).toEqual(['sms', 'push', 'email', 'in_app']);
  });

  test('[NP1] quiet hours can be others, none, and in a zone of their own', async () => {
    const quietHours = { from: '23:30', to: '06:00', timeZone: 'europe/berlin' };
    const { body } = await chooses(nadia, { quietHours });
    expect(body.quietHours).toEqual({ ...quietHours, timeZone: 'Europe/Berlin' });
    expect(await inForce(nadia.id)).toMatchObject({
      quietHours: { from: '23:30', to: '06:00' },
      timeZone: 'Europe/Berlin',
    });
    expect((await chooses(nadia, { quietHours: null })).body.quietHours).toBeNull();
    expect((await inForce(nadia.id)).quietHours).toBeNull();
  });

  test('[NP2] leave notices about the account’s safety on, and kinds of others alone', async () => {
    const off = { email: false, push: false, sms: false, in_app: false };
    expect((await chooses(nadia, { kinds: { security: off } })).body.code).toBe('cannot_be_switched_off');
    expect((await chooses(nadia, { kinds: { digest: off } })).body.code).toBe('not_told_of_this');
    expect((await chooses(rahima, { kinds: { completed: off } })).body.code).toBe('not_told_of_this');
    const boss = await signedIn((await admin()).id, 'admin');
    expect((await boss.act('GET', path)).body.kinds).toEqual({});
    // And were it stored all the same:
    const stored = { ...(await inForce(nadia.id)), switches: { security: off } };
    expect(channelsFor(stored, 'security', 'patient')).toEqual(['email']);
  });

  test('[NP3] take at most four reminders, from a quarter of an hour to seven days before', async () => {
    const edges = [15, 10_080, 60, 120];
    expect((await chooses(nadia, { reminderMinutes: edges })).body.reminderMinutes).toEqual([10_080, 120, 60, 15]);
    for (const wrong of [[14], [10_081], [...edges, 30], [60, 60], [1.5], ['60']]) {
      const { status, body } = await chooses(nadia, { reminderMinutes: wrong });
      expect([wrong, status, body.errors?.[0]?.path]).toEqual([wrong, 400, expect.stringMatching(/^reminderMinutes/)]);
    }
    expect((await chooses(nadia, { reminderMinutes: [] })).body.reminderMinutes).toEqual([]);
  });

  test('[NP3] doctors choose for patients who have chosen nothing, and nobody else does', async () => {
    const { body } = await chooses(rahima, { patientReminderMinutes: [2_880], reminderMinutes: [30] });
    expect(body).toMatchObject({ patientReminderMinutes: [2_880], reminderMinutes: [30] });
    expect((await chooses(nadia, { patientReminderMinutes: [60] })).body.code).toBe('only_for_doctors');
    const doctor = await inForce(rahima.id);
    const silent = await inForce((await someone()).id);
    expect(offsetsFor('patient', silent, doctor)).toEqual([2_880]);
    expect(offsetsFor('patient', { offsetsMinutes: [45] }, doctor)).toEqual([45]);
    expect(offsetsFor('patient', { offsetsMinutes: [] }, doctor)).toEqual([]);
    expect(offsetsFor('patient', silent, silent)).toEqual([1_440, 120]);
    expect(offsetsFor('doctor', doctor, doctor)).toEqual([30]);
    expect(offsetsFor('doctor', silent, { patientOffsetsMinutes: [60] })).toEqual([1_440, 120]);
  });

  test('[NP4] leave a row that names fields, and none when nothing is different', async () => {
    const karim = await someone();
    await chooses(karim, { locale: 'bn', quietHours: null });
    await chooses(karim, { locale: 'bn', quietHours: null, channels: undefined });
    expect(await rowsOf(karim.id)).toEqual([
      ['notification_preferences.changed', { fields: ['locale', 'quietHours'], by: 'owner', from: expect.anything() }],
    ]);
  });

  test('[NP4] changed twice at once lose neither change', async () => {
    const karim = await someone();
    const changes = [{ locale: 'bn' }, { quietHours: null }, { reminderMinutes: [60] }, { channels: ['sms'] }];
    const done = await Promise.all(changes.map((change) => chooses(karim, change)));
    const { body } = await karim.act('GET', path);
    for (const [i, { status }] of done.entries()) {
      expect([200, 409]).toContain(status);
      if (status === 200)
        expect(body).toMatchObject(Object.keys(changes[i] ?? {}).includes('channels') ? {} : (changes[i] ?? {}));
    }
    expect((await rowsOf(karim.id)).length).toBe(done.filter(({ status }) => status === 200).length);
  });

  test('[NP4] are not made for an account that is not there any more', async () => {
    const nobody = await signedIn(newAccountId(), 'patient');
    expect((await chooses(nobody, { locale: 'bn' })).body.code).toBe('version_conflict');
    const stored = await env.DB.prepare(`select 1 from notification_preferences where account_id = ?`)
      .bind(nobody.id)
      .first();
    expect(stored).toBeNull();
  });

  test('[NP6] are in the export, and gone with the account', async () => {
    const person: Person = await patient('Ruma Begum');
    const ruma = actor(person);
    await chooses(ruma, { reminderMinutes: [77], locale: 'bn' });
    const taken = await ruma.act('GET', '/users/me/export');
    expect(taken.body.notificationPreferences).toMatchObject([{ locale: 'bn', reminderMinutes: [77] }]);
    expect((await erases(ruma, person.id, person.password)).status).toBe(202);
    const left = await env.DB.prepare('select 1 from notification_preferences where account_id = ?')
      .bind(person.id)
      .first();
    expect(left).toBeNull();
  });
});
