import ICAL from 'ical.js';
import { describe, expect, test } from 'vitest';
import { type FeedAppointment, feedOf } from '../../../src/calendar/feed.ts';
import { inviteOf } from '../../../src/calendar/invite.ts';
import { byIcalJs, byNodeIcal } from '../../support/calendar-readers.ts';
import { hostileTexts } from '../../support/hostile-texts.ts';

const startsAtMs = Date.UTC(2026, 2, 29, 8);
const appointment = (text: string, i: number): FeedAppointment => ({
  uid: `a_${i}@daybook`,
  version: 3,
  status: 'confirmed',
  startsAtMs: startsAtMs + i * 3_600_000,
  endsAtMs: startsAtMs + i * 3_600_000 + 1_800_000,
  timeZone: 'Europe/London',
  mode: 'in_person',
  createdAtMs: startsAtMs,
  updatedAtMs: startsAtMs,
  doctorName: text,
  patientName: 'Nadia',
  own: true,
  clinicName: text,
  clinicAddress: null,
});
const texts = Object.entries(hostileTexts);
/** A text as a calendar carries it. */
const carried = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll('\\', '/')
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '');
const firstThousand = (text: string): string => [...text].slice(0, 1_000).join('');

const feed = feedOf({
  kind: 'patient',
  privacy: 'full',
  label: texts.map(([, text]) => text).join(' '),
  appointments: texts.map(([, text], i) => appointment(text, i)),
  free: null,
  freeStampMs: 0,
});

describe('a calendar of hostile texts', () => {
  test('[CA3] means the same to two independent readers, and it is what was written', () => {
    const [one, other] = [byIcalJs(feed), byNodeIcal(feed)];
    expect(one).toEqual(other);
    expect(one.map(({ summary, location }) => [summary, location])).toEqual(
      texts.map(([, text]) => [carried(text), carried(text)]),
    );
    expect(one.map((event) => event.startsAtMs)).toEqual(texts.map((_, i) => startsAtMs + i * 3_600_000));
  });

  test('[CA3] has lines of 75 octets at most, each of them whole characters, with CRLF at every end', () => {
    const lines = feed.split('\r\n');
    expect(lines.at(-1)).toBe('');
    const utf8 = new TextEncoder();
    expect(lines.filter((line) => utf8.encode(line).length > 75)).toEqual([]);
    expect(lines.filter((line) => !line.isWellFormed() || /[\r\n]/.test(line))).toEqual([]);
    expect(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(utf8.encode(feed))).toBe(feed);
  });

  test('[CA3] halves of characters, control characters and overrides of direction go, and texts beyond 1,000 characters are cut', () => {
    const told = (text: string) => {
      const ics = feedOf({
        ...{ kind: 'patient', privacy: 'full', label: 'x', free: null, freeStampMs: 0 },
        appointments: [appointment(text, 0)],
      });
      expect(byIcalJs(ics)).toEqual(byNodeIcal(ics));
      return byIcalJs(ics)[0]?.summary;
    };
    expect(told('a\u0000b\u0007c\u001b[31md\u0085e\u2028f')).toBe('abc[31md\ne\nf');
    expect(told('a\u202eb\u202ac\u2066d\u2069e\u200ff')).toBe('abcde\u200ff');
    expect(told('half \ud83d of one')).toBe('half \ufffd of one');
    expect(told('👩'.repeat(1_001))).toBe('👩'.repeat(1_000));
  });

  test('[CA3] an invitation names whom it invites, whatever they are called', () => {
    for (const [, text] of texts) {
      const { ics } = inviteOf({
        appointment: { ...appointment(text, 0), id: 'a_0' },
        audience: 'patient',
        ...{ doctorName: text, patientName: null, clinicName: text },
        organizer: { name: text, address: 'calendar+abc@daybook.example', readsAnswers: true },
        attendee: { name: text, address: 'nadia@example.com' },
        nowMs: startsAtMs,
      });
      expect(byIcalJs(ics)).toEqual(byNodeIcal(ics));
      expect(byIcalJs(ics)[0]?.summary).toBe(firstThousand(`Appointment with ${carried(text)}`));
      const event = new ICAL.Component(ICAL.parse(ics)).getFirstSubcomponent('vevent');
      const [organizer, attendee] = ['organizer', 'attendee'].map((name) => event?.getFirstProperty(name));
      expect(organizer?.getFirstValue()).toBe('mailto:calendar+abc@daybook.example');
      expect(attendee?.getFirstValue()).toBe('mailto:nadia@example.com');
      const name = carried(text).replaceAll(/\s+/g, ' ').replaceAll('"', "'").replaceAll('^', '').trim();
      expect(attendee?.getParameter('cn')).toBe(name);
      expect(event?.getAllProperties('attendee').length).toBe(1);
    }
  });
});
