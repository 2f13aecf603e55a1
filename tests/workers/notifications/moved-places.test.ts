import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Kept } from '../../../src/messages/mailbox.ts';
import { ledgerListener } from '../../../src/notifications/settled.ts';
import { type Actor, actor, eventually, everyDay, practice } from '../../support/clinic.ts';
import { entered } from '../../support/ledger.ts';
import { mailTo } from '../../support/mailbox.ts';
import { type Person, patient } from '../../support/people.ts';

type Practice = Awaited<ReturnType<typeof practice>>;

/** What there is of London, which nobody in Dhaka is to read. */
const ofLondon = /London|Greenwich|British Summer|Marylebone/;
const newsMs = 2 * 60_000;

/** A practice at a clinic of its own, whose slots are an hour and a half in London and half an hour in Dhaka. */
const practiceAt = async (name: string, timeZone: string, slotMinutes: number): Promise<Practice> => {
  const made = await practice({ timeZone });
  const clinic = await made.admin.act('POST', '/clinics', { name, address: '1', city: 'C', country: 'GB', timeZone });
  await made.doctor.act('PUT', `/doctors/${made.doctor.id}`, { clinicIds: [clinic.body.id] });
  await made.setSchedule(everyDay({ clinicId: clinic.body.id, slotMinutes }));
  return made;
};

let dhaka: Practice;
let london: Practice;
let person: Person;
let nadia: Actor;
let id: string;
const addressOf = (who: Actor) =>
  env.DB.prepare('select email from accounts where id = ?').bind(who.id).first<string>('email');
const mailOf = async (who: Actor, kind: string): Promise<Kept> => {
  const address = (await addressOf(who)) ?? '';
  const isIt = (mail: Kept) => mail.kind === kind;
  const mails = await eventually(
    () => mailTo(address),
    (found) => found.some(isIt),
  );
  return mails.find(isIt) as Kept;
};
const listed = async (who: Actor, kind: string): Promise<string> => {
  const items = await eventually(
    async () => (await who.act('GET', '/notifications')).body.items as { kind: string; text: string }[],
    (found) => found.some((item) => item.kind === kind),
  );
  return items.find((item) => item.kind === kind)?.text ?? '';
};
const unfolded = (mail: Kept): string => (mail.calendar?.ics ?? '').replaceAll('\r\n ', '');
let confirmedText: string;

beforeAll(async () => {
  [dhaka, london] = [
    await practiceAt('Dhanmondi Clinic', 'Asia/Dhaka', 30),
    await practiceAt('Marylebone Practice', 'Europe/London', 90),
  ];
  person = await patient();
  nadia = actor(person);
  id = (await nadia.holds(await dhaka.slot('09:00'))).body.id;
  await nadia.confirms(id);
  confirmedText = await listed(nadia, 'confirmed');
  await mailOf(dhaka.doctor, 'confirmed');
  await nadia.moves(id, await london.slot('10:30'));
});

describe('a move to another doctor in another zone', () => {
  test('[NT20] tells the doctor whom it has left where and when it was, and nothing of where it went', async () => {
    const mail = await mailOf(dhaka.doctor, 'moved_away');
    expect(mail.text).toMatch(/09:00 to 09:30\nBangladesh Standard Time \(Asia\/Dhaka\)/);
    expect(mail.text).toContain('Dhanmondi Clinic');
    const ics = unfolded(mail);
    expect(ics).toContain('METHOD:CANCEL');
    expect(ics).toContain('TZID=Asia/Dhaka');
    expect(ics).toMatch(/LOCATION:Dhanmondi Clinic/);
    expect(ics).toMatch(/ORGANIZER;CN="?Dhanmondi Clinic/);
    expect(JSON.stringify(mail)).not.toMatch(ofLondon);
    const text = await listed(dhaka.doctor, 'moved_away');
    expect(text).toContain('09:00 to 09:30, Bangladesh Standard Time');
    expect(text).toContain('Dhanmondi Clinic');
    expect(text).not.toMatch(ofLondon);
  });

  test('[NT20] leaves what both sides were told before as it was', async () => {
    expect(await listed(nadia, 'rescheduled')).toContain('Marylebone Practice');
    expect(confirmedText).toContain('09:00 to 09:30, Bangladesh Standard Time');
    expect(await listed(nadia, 'confirmed')).toBe(confirmedText);
    const theirs = await listed(dhaka.doctor, 'confirmed');
    expect(theirs).toContain('09:00 to 09:30, Bangladesh Standard Time\nPlace: Dhanmondi Clinic');
    expect(theirs).not.toMatch(ofLondon);
  });

  test('[NT20] tells the patient when it was by the clock by which it was told, and where it is now', async () => {
    const { text } = await mailOf(nadia, 'rescheduled');
    expect(text).toMatch(/It was on [^.]*, 09:00 \(Bangladesh Standard Time\)\./);
    expect(text).toMatch(/10:30 to 12:00\n(Greenwich Mean|British Summer) Time \(Europe\/London\)/);
    expect(text).toContain('Marylebone Practice');
  });
});

describe('a message that waited', () => {
  const sent = { state: 'sent', channel: 'email', audience: 'doctor' } as const;
  const sentAtMs = Date.now() - newsMs;
  const objects = (notificationId: string) => ledgerListener.objection?.(env, `m_${notificationId}`, Date.now());

  test('[NT20] does not go to a doctor whom the appointment has left, unless it says so', async () => {
    const { startsAtMs } = (await eventually(
      () => env.DB.prepare('select starts_at_ms as startsAtMs from appointments where id = ?').bind(id).first(),
      (row) => row !== null,
    )) as { startsAtMs: number };
    const row = { ...sent, sentAtMs, subjectId: id, startsAtMs, version: 50 };
    const [left, stays, away] = [
      await entered({ ...row, recipientId: dhaka.doctor.id }),
      await entered({ ...row, recipientId: london.doctor.id }),
      await entered({ ...row, recipientId: dhaka.doctor.id, kind: 'moved_away' }),
    ];
    expect([await objects(left), await objects(stays), await objects(away)]).toEqual(['superseded', null, null]);
  });

  test('[NT17] is a digest only as long as its day has something', async () => {
    const digestOf = async (doctorId: string): Promise<string> => {
      const found = await env.DB.prepare(
        `update notifications set state = 'sent', sent_at_ms = ?2
         where subject_id = ?1 and kind = 'digest' and channel = 'email' returning id`,
      )
        .bind(doctorId, sentAtMs)
        .first<string>('id');
      return found ?? '';
    };
    expect(await objects(await digestOf(london.doctor.id))).toBeNull();
    expect(await objects(await digestOf(dhaka.doctor.id))).toBe('nothing_to_tell');
  });
});
