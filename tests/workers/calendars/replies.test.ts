import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { organizerOf } from '../../../src/calendar/organizer.ts';
import { settingsOf } from '../../../src/env.ts';
import { mailOf, type Received, receives, stamped } from '../../support/answers.ts';
import { send } from '../../support/api.ts';
import { type Actor, actor, eventually, practice, signedIn } from '../../support/clinic.ts';
import { dependantOf, patient as newPatient, type Person } from '../../support/people.ts';

let clinic: Awaited<ReturnType<typeof practice>>;
let person: Person;
let nadia: Actor;
let inbox: string;

const verify = (id: string) =>
  env.DB.prepare('update accounts set email_verified_at_ms = 1 where id = ?').bind(id).run();
beforeAll(async () => {
  clinic = await practice({ shape: { start: '06:00', end: '22:00', slotMinutes: 30 }, timeZone: 'Europe/London' });
  person = await newPatient('Nadia Islam');
  await verify(person.id);
  nadia = actor(person);
  inbox = settingsOf(env).calendarReplies ?? '';
});

/** An appointment with the invitation that the patient has of it. */
const invited = async (who: Actor = nadia, hold: Record<string, unknown> = {}) => {
  const slot = (await clinic.slotsOn()).find(({ remaining }) => remaining > 0);
  const { id } = (await who.holds(slot?.id ?? '', hold)).body;
  await who.confirms(id);
  const ics = await (await send('GET', `/appointments/${id}/invite.ics`, { as: who })).text();
  const [, to = ''] = /mailto:(calendar\+\S+)/.exec(ics.replaceAll('\r\n ', '')) ?? [];
  return { id, slotId: slot?.id ?? '', ics, to };
};
/** The answer of a program, made from the invitation as programs do. */
const answering = (ics: string, partstat: string): string =>
  ics
    .replaceAll('\r\n ', '')
    .replace('METHOD:REQUEST', 'METHOD:REPLY')
    .replace('PARTSTAT=NEEDS-ACTION;RSVP=TRUE', `PARTSTAT=${partstat}`);
const statusOf = async (id: string): Promise<string> => (await nadia.reads(id)).body.status;
const answers = (to: string, ics: string, more: object = {}): Promise<Received> =>
  receives(to, mailOf({ from: person.email, to, ics, ...more }));
const changed: Received = { rejected: null, logged: '' };

describe('an answer', () => {
  test('[CA16] that declines cancels the appointment, as its patient, and the seat is free', async () => {
    const { id, slotId, ics, to } = await invited();
    expect(await answers(to, answering(ics, 'DECLINED'))).toEqual(changed);
    expect(await statusOf(id)).toBe('cancelled');
    expect((await clinic.slotsOn()).find((slot) => slot.id === slotId)?.remaining).toBe(1);
    const again = await answers(to, answering(ics, 'DECLINED'));
    expect(again.logged).toMatch(/"why":"(invalid_transition|another_time)"/);
    expect(again.rejected).toContain('changed nothing');
  });

  test('[CA16] that accepts is recorded once, for the time that was accepted', async () => {
    const { id, ics, to } = await invited();
    expect((await nadia.reads(id)).body.attendanceConfirmedAt).toBeNull();
    for (let times = 0; times < 2; times += 1)
      expect(await answers(to, answering(ics, 'ACCEPTED'), { alone: true })).toEqual(changed);
    expect((await nadia.reads(id)).body).toMatchObject({
      status: 'confirmed',
      attendanceConfirmedAt: expect.stringMatching(/^\d{4}-/),
    });
    expect((await clinic.doctor.reads(id)).body.attendanceConfirmedAt).not.toBeNull();
    const rows = await env.DB.prepare(
      `select count(*) as n from audit_events where action = 'appointment.attendance_confirmed' and subject_id = ?`,
    )
      .bind(id)
      .first('n');
    expect(rows).toBe(1);
    const later = (await clinic.slotsOn()).filter(({ remaining }) => remaining > 0).at(-1);
    await nadia.moves(id, later?.id ?? '');
    expect((await nadia.reads(id)).body.attendanceConfirmedAt).toBeNull();
  });

  test('[CA16] of a guardian is for the dependant, and that of a doctor for the doctor', async () => {
    const childId = await dependantOf(person.id);
    const guardian = await signedIn(person.id, 'patient', { dependantIds: [childId] });
    const childs = await invited(guardian, { patientId: childId });
    expect(await answers(childs.to, answering(childs.ics, 'DECLINED'))).toEqual(changed);
    expect((await clinic.doctor.reads(childs.id)).body.status).toBe('cancelled');
    const { id } = await invited();
    const doctors = await (await send('GET', `/appointments/${id}/invite.ics`, { as: clinic.doctor })).text();
    const email = await env.DB.prepare('select email from accounts where id = ?')
      .bind(clinic.doctor.id)
      .first<string>('email');
    await verify(clinic.doctor.id);
    const { address } = await organizerOf(settingsOf(env), { appointmentId: id, accountId: clinic.doctor.id }, null);
    expect(
      await receives(address, mailOf({ from: email ?? '', to: address, ics: answering(doctors, 'DECLINED') })),
    ).toEqual(changed);
    expect(await statusOf(id)).toBe('cancelled');
  });

  test('[CA16] is understood by the zone that it names, in UTC, and by its version when it names no time', async () => {
    const utc = (ics: string) =>
      ics.replace(/DTSTART;TZID=[^:]+:\d{8}T\d{6}/, (line) => {
        const [, date = '', time = ''] = /(\d{8})T(\d{6})$/.exec(line) ?? [];
        return `DTSTART:${date}T${time}Z`;
      });
    const bare = (ics: string) => ics.replace(/BEGIN:VTIMEZONE[\s\S]*END:VTIMEZONE\r\n/, '');
    const timeless = (ics: string) => ics.replace(/DT(START|END)[^\r]*\r\n/g, '');
    // In winter, clocks in London show UTC.
    for (const form of [bare, utc, (ics: string) => timeless(bare(ics))]) {
      const { id, ics, to } = await invited();
      expect(await answers(to, form(answering(ics, 'DECLINED')))).toEqual(changed);
      expect(await statusOf(id)).toBe('cancelled');
    }
  });
});

describe('an answer that does not count', () => {
  const forged: readonly (readonly [
    string,
    string,
    (one: Awaited<ReturnType<typeof invited>>) => Promise<Received>,
  ])[] = [
    ['without a token', 'no_token', ({ ics }) => answers(inbox, answering(ics, 'DECLINED'))],
    [
      'with a made-up token',
      'wrong_token',
      ({ ics }) => answers(inbox.replace('@', `+${'a'.repeat(32)}@`), answering(ics, 'DECLINED')),
    ],
    [
      'with the token of another appointment',
      'wrong_token',
      async ({ ics }) => answers((await invited()).to, answering(ics, 'DECLINED')),
    ],
    [
      'with the token of another person',
      'wrong_token',
      async ({ id, ics }) => {
        const key = { appointmentId: id, accountId: clinic.doctor.id };
        return answers((await organizerOf(settingsOf(env), key, null)).address, answering(ics, 'DECLINED'));
      },
    ],
    [
      'from nobody known',
      'unknown_sender',
      ({ ics, to }) => answers(to, answering(ics, 'DECLINED'), { from: 'x@example.com' }),
    ],
    [
      'without Cloudflare’s word',
      'not_authentic',
      ({ ics, to }) => answers(to, answering(ics, 'DECLINED'), { top: '' }),
    ],
    [
      'that fails DMARC',
      'not_authentic',
      ({ ics, to }) => answers(to, answering(ics, 'DECLINED'), { top: stamped('example.com', 'fail') }),
    ],
    [
      'whose pass the sender wrote below the real result',
      'not_authentic',
      ({ ics, to }) =>
        answers(to, answering(ics, 'DECLINED'), {
          top: `${stamped('example.com', 'fail')}\r\n${stamped('example.com')}`,
        }),
    ],
    [
      'that names two senders',
      'no_reply',
      ({ ics, to }) =>
        answers(to, answering(ics, 'DECLINED'), { top: `${stamped('example.com')}\r\nFrom: evil@example.com` }),
    ],
    ['that is tentative', 'no_reply', ({ ics, to }) => answers(to, answering(ics, 'TENTATIVE'))],
    ['that is no reply', 'no_reply', ({ ics, to }) => answers(to, ics.replace('NEEDS-ACTION', 'DECLINED'))],
    [
      'for several people',
      'no_reply',
      ({ ics, to }) =>
        answers(
          to,
          answering(ics, 'DECLINED').replace('END:VEVENT', 'ATTENDEE;PARTSTAT=DECLINED:mailto:a@b.c\r\nEND:VEVENT'),
        ),
    ],
    ['that is no calendar', 'no_reply', ({ to }) => answers(to, 'BEGIN:VCALENDAR\r\nnonsense')],
    ['that is huge', 'no_reply', ({ ics, to }) => answers(to, `${answering(ics, 'DECLINED')}${' '.repeat(400_000)}`)],
    ['that is no mail', 'no_reply', ({ to }) => receives(to, '\u0000\r\n\r\n')],
    [
      'for another attendee',
      'other_attendee',
      ({ ics, to }) =>
        answers(to, answering(ics, 'DECLINED').replace(`mailto:${person.email}`, 'mailto:other@example.com')),
    ],
  ];

  test.each(forged)(
    '[CA15] [CA17] [CA18] %s changes nothing, and is logged as %s and no more',
    async (_, why, attempt) => {
      const one = await invited();
      const { logged, rejected } = await attempt(one);
      expect(JSON.parse(logged)).toEqual({
        ...{ level: 'error', what: 'calendar_reply_unheeded', why },
        type: rejected === null ? 'ignored' : 'refused',
      });
      expect(rejected === null).toBe(why !== 'other_attendee');
      expect((await nadia.reads(one.id)).body).toMatchObject({ status: 'confirmed', attendanceConfirmedAt: null });
    },
  );

  test('[CA15] from an address that was not verified is refused', async () => {
    const other = await newPatient('Badal Roy');
    const { id, ics, to } = await invited(actor(other));
    const { rejected, logged } = await receives(to, mailOf({ from: other.email, to, ics: answering(ics, 'DECLINED') }));
    expect([rejected !== null, logged.includes('unverified_address')]).toEqual([true, true]);
    expect((await actor(other).reads(id)).body.status).toBe('confirmed');
  });

  test('[CA17] to the time before a move is refused, and so is one to an older version without a time', async () => {
    const { id, ics, to } = await invited();
    const later = (await clinic.slotsOn()).filter(({ remaining }) => remaining > 0).at(-1);
    await nadia.moves(id, later?.id ?? '');
    for (const stale of [ics, ics.replace(/DTSTART[^\r]*\r\n/g, '')]) {
      for (const answer of ['DECLINED', 'ACCEPTED']) {
        const { rejected, logged } = await answers(to, answering(stale, answer));
        expect([rejected !== null, logged.includes('another_time')]).toEqual([true, true]);
      }
    }
    expect(await statusOf(id)).toBe('confirmed');
  });

  test('[CA17] from before a move is refused after a move back, and the answer to the new invitation counts', async () => {
    const { id, slotId, ics, to } = await invited();
    const later = (await clinic.slotsOn()).filter(({ remaining }) => remaining > 0).at(-1);
    await nadia.moves(id, later?.id ?? '');
    await nadia.moves(id, slotId);
    const settled = async () =>
      (await env.DB.prepare('select version from appointments where id = ?').bind(id).first('version')) ===
      (await nadia.reads(id)).body.version;
    for (let times = 0; times < 2; times += 1) {
      for (const answer of ['DECLINED', 'ACCEPTED'])
        expect((await answers(to, answering(ics, answer))).logged).toContain('another_time');
      await eventually(settled, (isSo) => isSo);
    }
    expect(await statusOf(id)).toBe('confirmed');
    const now = await (await send('GET', `/appointments/${id}/invite.ics`, { as: nadia })).text();
    expect((await nadia.act('PUT', `/appointments/${id}`, { symptoms: 'none' })).status).toBe(200);
    await eventually(settled, (isSo) => isSo);
    expect(await answers(to, answering(now, 'DECLINED'))).toEqual(changed);
    expect(await statusOf(id)).toBe('cancelled');
  });

  test('[CA16] that accepts for the doctor is taken and is not shown as the patient’s', async () => {
    const { id } = await invited();
    const ics = await (await send('GET', `/appointments/${id}/invite.ics`, { as: clinic.doctor })).text();
    const { address } = await organizerOf(settingsOf(env), { appointmentId: id, accountId: clinic.doctor.id }, null);
    const from = await env.DB.prepare('select email from accounts where id = ?').bind(clinic.doctor.id).first('email');
    await verify(clinic.doctor.id);
    const taken = await receives(address, mailOf({ from: String(from), to: address, ics: answering(ics, 'ACCEPTED') }));
    expect(taken).toMatchObject({ rejected: null, logged: expect.stringContaining('doctor_comes') });
    expect((await nadia.reads(id)).body.attendanceConfirmedAt).toBeNull();
  });

  test('[CA15] whose From could be read as two senders is no answer; one mailbox is, however it is written', async () => {
    const { id, ics, to } = await invited();
    const [me, evil] = [person.email, `evil@${person.email.split('@')[1]}`];
    for (const fromHeader of [
      ...[`<${me}> <${evil}>`, `${me}, ${evil}`, `${me} ${evil}`, `"A" <${me}>, "B" <${evil}>`],
      ...[
        `(${evil}) ${me}`,
        `${me} (${evil})`,
        `Nadia <${me}> (x)`,
        `<${me}(x)>`,
        `All: ${me};`,
        `All: ${me}, ${evil};`,
      ],
      ...[`=?utf-8?q?${evil.replace('@', '=40')}?= <${me}>`, `=?utf-8?q?=3C${evil.replace('@', '=40')}=3E?= <${me}>`],
      ...[
        `"${evil}" <${me}>`,
        `"x <${evil}>" <${me}>`,
        `${evil} <${me}>`,
        `"x <${me}>`,
        `<${me}`,
        `"${'"'.repeat(9_000)}`,
      ],
      ...[
        `${me}
 ,${evil}`,
        '',
      ],
    ])
      expect([fromHeader, (await answers(to, answering(ics, 'DECLINED'), { fromHeader })).logged]).toEqual([
        fromHeader,
        expect.stringContaining('no_reply'),
      ]);
    expect(await statusOf(id)).toBe('confirmed');
    for (const fromHeader of [
      ...[me, `<${me}>`, `Nadia Islam <${me.toUpperCase()}>`, `"Islam, Nadia ("N")" <${me}>`, `"${me}" <${me}>`],
      ...[
        `=?utf-8?q?Islam=2C_Nadia?=
 <${me}>`,
      ],
    ])
      expect([fromHeader, await answers(to, answering(ics, 'ACCEPTED'), { fromHeader })]).toEqual([
        fromHeader,
        changed,
      ]);
    expect((await nadia.reads(id)).body.attendanceConfirmedAt).not.toBeNull();
  });

  test('[CA17] where no answers are read is ignored, and none is asked for', async () => {
    const { id, ics, to } = await invited();
    const off = { CALENDAR_REPLIES: '' };
    const { logged } = await receives(to, mailOf({ from: person.email, to, ics: answering(ics, 'DECLINED') }), off);
    expect(logged).toContain('no_token');
    expect(await statusOf(id)).toBe('confirmed');
    const silent = await organizerOf(
      { ...settingsOf(env), calendarReplies: null },
      { appointmentId: id, accountId: 'u' },
      'A',
    );
    expect(silent).toEqual({ name: 'A', address: settingsOf(env).mailFrom, readsAnswers: false });
  });
});
