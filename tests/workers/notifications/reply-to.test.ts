import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Kept } from '../../../src/messages/mailbox.ts';
import { composed } from '../../../src/messages/mime.ts';
import { actor, eventually, everyDay, practice } from '../../support/clinic.ts';
import { mailTo } from '../../support/mailbox.ts';
import { patient } from '../../support/people.ts';

const newClinic = { name: 'Reply Clinic', address: 'House 12', city: 'Dhaka', country: 'BD', timeZone: 'Asia/Dhaka' };

let office: Awaited<ReturnType<typeof practice>>;
let clinicId: string;
beforeAll(async () => {
  office = await practice();
  const made = await office.admin.act('POST', '/clinics', newClinic);
  expect(made.body.email).toBeNull();
  clinicId = made.body.id;
  await office.doctor.act('PUT', `/doctors/${office.doctor.id}`, { clinicIds: [clinicId] });
  await office.setSchedule(everyDay({ clinicId }));
});

const setsAddress = (email: unknown) => office.admin.act('PUT', `/clinics/${clinicId}`, { email });

/** The mail that confirms an appointment to its patient. */
const confirmation = async (time: string): Promise<Kept> => {
  const person = await patient();
  const self = actor(person);
  const { body } = await self.holds(await office.slot(time));
  await self.confirms(body.id);
  const isIt = ({ kind }: Kept) => kind === 'confirmed';
  const mail = (
    await eventually(
      () => mailTo(person.email),
      (found) => found.some(isIt),
    )
  ).find(isIt);
  if (mail === undefined) throw new Error('no mail came');
  return mail;
};

describe('answers to mail about an appointment', () => {
  test('[NT19] go to the address of its clinic, which the invitation beside it leaves alone', async () => {
    const plain = await confirmation('09:00');
    expect(plain.headers ?? {}).not.toHaveProperty('Reply-To');
    expect((await setsAddress(' Desk@Reply-Clinic.example ')).body.email).toBe('desk@reply-clinic.example');
    const mail = await confirmation('09:30');
    expect(mail.headers).toMatchObject({ 'Reply-To': 'desk@reply-clinic.example' });
    expect(Object.keys(mail.headers ?? {}).sort()).toEqual([...Object.keys(plain.headers ?? {}), 'Reply-To'].sort());
    const organizer = (kept: Kept) => /^ORGANIZER.*?:mailto:(.*)$/m.exec(unfolded(kept))?.[1];
    expect(organizer(mail)).toBeTruthy();
    expect(organizer(mail)).not.toContain('desk@');
    const lines = (await composed(mail.id, env.MAIL_FROM, mail)).split('\r\n');
    expect(lines.filter((line) => /^reply-to:/i.test(line))).toEqual(['Reply-To: desk@reply-clinic.example']);
    expect((await setsAddress(null)).body.email).toBeNull();
    expect((await confirmation('10:00')).headers ?? {}).not.toHaveProperty('Reply-To');
  });
});

const unfolded = ({ calendar }: Kept): string => (calendar?.ics ?? '').replaceAll('\r\n ', '').replaceAll('\r', '');

describe('the address of a clinic', () => {
  test.each([
    'desk@clinic.example\r\nBcc: everybody@evil.example',
    'desk@clinic.example\nX: y',
    'desk@clinic.example, other@evil.example',
    '"Desk" <desk@clinic.example>',
    'desk@clinic.example;other@evil.example',
    `${'d'.repeat(250)}@clinic.example`,
    '',
    7,
  ])('[DR28] is one address and no header: %j', async (email) => {
    const before = (await office.admin.act('GET', `/clinics/${clinicId}`)).body;
    expect((await setsAddress(email)).status).toBe(400);
    expect((await office.admin.act('POST', '/clinics', { ...newClinic, email })).status).toBe(400);
    expect((await office.admin.act('GET', `/clinics/${clinicId}`)).body).toEqual(before);
  });

  test('[DR28] can be given from the beginning, and is changed alone', async () => {
    const made = await office.admin.act('POST', '/clinics', { ...newClinic, email: 'front@clinic.example' });
    expect([made.status, made.body.email]).toEqual([201, 'front@clinic.example']);
    const shown = await office.admin.act('GET', `/clinics/${made.body.id}`);
    expect(shown.body).toEqual(made.body);
    const path = `/clinics/${made.body.id}`;
    const without = await office.admin.act('PUT', path, { email: null });
    expect([without.status, without.body]).toEqual([200, { ...made.body, email: null }]);
    expect((await office.admin.act('PUT', path, {})).status).toBe(400);
    expect((await office.doctor.act('PUT', path, { email: null })).status).toBe(403);
    expect((await office.admin.act('PUT', '/clinics/c_none', { email: null })).body.code).toBe('not_found');
  });
});
