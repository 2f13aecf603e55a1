import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { startOfDayMs } from '../../../src/domain/zoned-time.ts';
import { forgetOldNotifications } from '../../../src/notifications/ledger.ts';
import { type Actor, actor, eventually, practice, signedIn } from '../../support/clinic.ts';
import { entered } from '../../support/ledger.ts';
import { dependantOf, patient } from '../../support/people.ts';

let clinic: Awaited<ReturnType<typeof practice>>;
let nadia: Actor;
let booked: string;

const inbox = async (who: Actor, query = '') => {
  const { status, body } = await who.act('GET', `/notifications${query}`);
  expect(status).toBe(200);
  return body as { items: Record<string, unknown>[]; nextCursor: string | null };
};
const unread = async (who: Actor): Promise<number> => (await who.act('GET', '/notifications/unread-count')).body.unread;
const arrived = (who: Actor, count: number) =>
  eventually(
    () => inbox(who),
    ({ items }) => items.length >= count,
  );
const actions = async (id: string): Promise<string[]> => {
  const { results } = await env.DB.prepare(
    `select action from audit_events where stream = ? and action like '%marked_read' order by seq`,
  )
    .bind(`account:${id}`)
    .all<{ action: string }>();
  return results.map(({ action }) => action);
};

beforeAll(async () => {
  clinic = await practice();
  nadia = actor(await patient('Nadia Islam'));
  const { body } = await nadia.holds(await clinic.slot('09:30'), { reason: 'a rash that nobody knows of' });
  booked = body.id;
  await nadia.confirms(booked);
  await arrived(nadia, 1);
});

describe('the list in the app', () => {
  test('[NB1] [NB2] shows what was told, in words that say when, where and with whom, and no reason', async () => {
    const [item, ...more] = (await inbox(nadia)).items;
    expect(more).toEqual([]);
    expect(item).toMatchObject({
      kind: 'confirmed',
      audience: 'patient',
      title: 'Your appointment is booked',
      appointmentId: booked,
      readAt: null,
    });
    expect(item?.text).toMatch(/09:30 to 10:00, Bangladesh Standard Time\nDoctor: Rahima Khatun\nPatient: Nadia Islam/);
    expect(JSON.stringify(item)).not.toMatch(/rash/);
    const [theirs] = (await arrived(clinic.doctor, 1)).items;
    expect(theirs).toMatchObject({ kind: 'confirmed', audience: 'doctor', title: 'A new appointment' });
    expect(theirs?.text).toContain('Patient: Nadia Islam');
  });

  test('[NB2] is in the language of its reader as they choose it', async () => {
    const karim = actor(await patient());
    await entered({ recipientId: karim.id, subjectId: booked, startsAtMs: Date.UTC(2026, 11, 1, 3) });
    await karim.act('PUT', '/users/me/notification-preferences', { locale: 'bn' });
    const [item] = (await inbox(karim)).items;
    expect(item?.title).toBe('আপনার অ্যাপয়েন্টমেন্ট বুক হয়েছে');
    expect(item?.text).toContain('সকাল ৯:০০');
  });

  test('[NB2] has the time as it was told, and no name of an appointment that the reader has nothing to do with', async () => {
    const before = Date.UTC(2026, 10, 30, 4);
    await entered({
      ...{ recipientId: clinic.admin.id, subjectId: booked, audience: 'doctor', kind: 'moved_away' },
      ...{ startsAtMs: before, version: 9, endsAtMs: before + 1_800_000, timeZone: 'Asia/Dhaka', mode: 'in_person' },
      ...{ doctorId: clinic.admin.id },
    });
    const [item] = (await inbox(clinic.admin)).items;
    expect(item?.text).toContain('10:00 to 10:30, Bangladesh Standard Time');
    expect(item?.text).not.toContain('Nadia');
  });

  test('[NB2] names a guardian’s dependant', async () => {
    const mother = await patient('Salma Begum');
    const child = await dependantOf(mother.id, 'Tuli Begum');
    const self = await signedIn(mother.id, 'patient', { dependantIds: [child] });
    const { body } = await self.holds(await clinic.slot('10:00'), { patientId: child });
    await self.confirms(body.id);
    const [item] = (await arrived(self, 1)).items;
    expect(item?.text).toContain('Patient: Tuli Begum');
  });

  test('[NB2] says of a doctor’s digest how many there are', async () => {
    await eventually(
      () => env.DB.prepare('select status from appointments where id = ?').bind(booked).first<string>('status'),
      (status) => status === 'confirmed',
    );
    await entered({
      ...{ recipientId: clinic.doctor.id, subjectId: clinic.doctor.id, kind: 'digest', audience: 'doctor' },
      ...{ startsAtMs: startOfDayMs(clinic.date, 'Asia/Dhaka'), version: 1, sentAtMs: Date.now() + 1 },
    });
    const found = (await inbox(clinic.doctor)).items.find(({ kind }) => kind === 'digest');
    expect(found).toMatchObject({ title: 'Your day tomorrow', appointmentId: null });
    expect(found?.text).toMatch(/^There (is one appointment|are \d+ appointments)\./);
  });

  test('[NB1] pages from the newest on, alone or only what is not read', async () => {
    const karim = actor(await patient());
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1)
      ids.unshift(await entered({ recipientId: karim.id, sentAtMs: 1_000 + Math.floor(i / 2) }));
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const page = await inbox(karim, `?limit=2${cursor}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(seen[0]).toBe(ids[0]);
    await karim.act('POST', `/notifications/${ids[2]}/read`);
    expect((await inbox(karim, '?unread=true')).items.map(({ id }) => id)).not.toContain(ids[2]);
    expect((await inbox(karim, '?unread=true')).items).toHaveLength(4);
  });

  test('[NB1] holds neither what is on its way, nor what went by another channel, nor anybody else’s', async () => {
    const karim = actor(await patient());
    await entered({ recipientId: karim.id, sentAtMs: null, state: 'scheduled' });
    await entered({ recipientId: karim.id, channel: 'email', state: 'sent' });
    const theirs = await entered({ recipientId: nadia.id, sentAtMs: 1 });
    expect((await inbox(karim)).items).toEqual([]);
    expect(await unread(karim)).toBe(0);
    for (const id of [theirs, 'n_unknown', '%00', 'x'.repeat(300)]) {
      const { status, body } = await karim.act('POST', `/notifications/${id}/read`);
      expect([id, status, body.code]).toEqual([id, 404, 'not_found']);
    }
  });

  test('[NB3] one is marked as read once', async () => {
    const karim = actor(await patient());
    const [first] = [await entered({ recipientId: karim.id }), await entered({ recipientId: karim.id })];
    expect(await unread(karim)).toBe(2);
    const marked = await karim.act('POST', `/notifications/${first}/read`);
    expect(marked.body).toMatchObject({ id: first, readAt: expect.any(String) });
    expect(await unread(karim)).toBe(1);
    expect((await karim.act('POST', `/notifications/${first}/read`)).body).toEqual(marked.body);
    expect(await actions(karim.id)).toEqual(['notification.marked_read']);
  });

  test('[NB3] all are marked as read at once, and nobody else’s with them', async () => {
    const [karim, ruma] = [actor(await patient()), actor(await patient())];
    for (const { id } of [karim, karim, karim, ruma]) await entered({ recipientId: id });
    expect((await karim.act('POST', '/notifications/read-all')).body).toEqual({ marked: 3 });
    expect((await karim.act('POST', '/notifications/read-all')).body).toEqual({ marked: 0 });
    expect([await unread(karim), await unread(ruma)]).toEqual([0, 1]);
    expect(await actions(karim.id)).toEqual(['notifications.marked_read']);
  });

  test('[NB4] forgets after half a year, but nothing that waits', async () => {
    const karim = actor(await patient());
    const now = Date.now();
    const days = (n: number) => now - n * 86_400_000;
    await entered({ recipientId: karim.id, createdAtMs: days(190), sentAtMs: days(190) });
    const young = await entered({ recipientId: karim.id, createdAtMs: days(170), sentAtMs: days(170) });
    const waits = await entered({ recipientId: karim.id, createdAtMs: days(500), nextAtMs: now, sentAtMs: days(500) });
    expect(await forgetOldNotifications(env.DB, now)).toBe(1);
    expect((await inbox(karim)).items.map(({ id }) => id)).toEqual([young, waits]);
  });
});
