import { describe, expect, test } from 'vitest';
import { audiences, channels, notificationKinds } from '../../../src/domain/notifications/kinds.ts';
import { locales } from '../../../src/domain/notifications/preferences.ts';
import type { WordFacts } from '../../../src/notifications/words/facts.ts';
import { render } from '../../../src/notifications/words/render.ts';

const startsAtMs = Date.UTC(2026, 11, 1, 3);
const facts: WordFacts = {
  appointment: {
    ...{ id: 'a_AAAA', startsAtMs, endsAtMs: startsAtMs + 30 * 60_000 },
    ...{ timeZone: 'Asia/Dhaka', mode: 'in_person' },
  },
  doctorName: 'Rahima Khatun',
  clinicName: 'Heart Clinic',
  patientName: 'Nadia Islam',
  audience: 'patient',
  appUrl: 'https://daybook.test',
  unsubscribeUrl: 'https://daybook.test/unsubscribe/v1.AAAA.BBBB',
};
const berlin = (atMs: number): WordFacts => ({
  ...facts,
  appointment: { ...facts.appointment, timeZone: 'Europe/Berlin', startsAtMs: atMs, endsAtMs: atMs + 1_800_000 },
});
const en = (channel: (typeof channels)[number]) => ({ locale: 'en', channel }) as const;
const bn = (channel: (typeof channels)[number]) => ({ locale: 'bn', channel }) as const;

/** What a browser would read of HTML: text without tags, with entities put back. */
const readable = (html: string): string =>
  html
    .replace(/<style>[\s\S]*?<\/style>|<title>.*?<\/title>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(
      /&(lt|gt|quot|#39|amp|nbsp);/g,
      (_, name: string) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[name] ?? ' ',
    )
    .replaceAll(/\s+/g, ' ');

describe('every notification', () => {
  const all = notificationKinds.flatMap((kind) =>
    audiences.flatMap((audience) =>
      locales.flatMap((locale) => channels.map((channel) => [kind, audience, locale, channel] as const)),
    ),
  );

  test.each(all)(
    '[NI1] %s to the %s in %s by %s says when, by which clock, and where',
    (kind, audience, locale, channel) => {
      const { subject, text, html } = render(kind, { ...facts, audience }, { locale, channel });
      const zone = locale === 'en' ? 'Bangladesh Standard Time' : 'বাংলাদেশ মানক সময়';
      expect(subject).toMatch(/^[^\n\r]{4,120}$/);
      expect(text.normalize()).toContain(zone.normalize());
      if (kind !== 'digest') {
        expect(text).toContain(locale === 'en' ? '09:00' : 'সকাল ৯:০০');
        expect(text).toContain('Heart Clinic');
      }
      expect(html === null).toBe(channel !== 'email');
      if (locale === 'bn') expect(text.replaceAll(/https?:\S+|-- |Asia\/\w+/g, '')).not.toMatch(/\d/);
    },
  );

  test('[NI1] is another for each kind and audience', () => {
    for (const locale of locales) {
      const titles = notificationKinds.flatMap((kind) =>
        audiences.map((audience) => render(kind, { ...facts, audience }, { locale, channel: 'in_app' }).subject),
      );
      // Of safety the patient and the doctor are told the same.
      expect(new Set(titles).size).toBe(titles.length - 1);
    }
  });

  test('[NI1] of a second payment is not that of an appointment that is off, and fits into one SMS', () => {
    for (const locale of locales) {
      const told = (channel: 'email' | 'sms', isSecondPayment: boolean) =>
        render('refunded', { ...facts, isSecondPayment }, { locale, channel });
      expect(told('email', true).subject).not.toBe(told('email', false).subject);
      expect(told('email', true).text).toContain(locale === 'en' ? 'stay as they are' : 'তেমনই আছে');
    }
    expect(render('refunded', { ...facts, isSecondPayment: true }, en('sms')).text.length).toBeLessThanOrEqual(160);
  });
});

describe('times', () => {
  test('[NI2] stand on the clock of the appointment, on both sides of a clock change, under the name of that season', () => {
    // 09:00 in Berlin: 07:00Z in summer, 08:00Z in winter.
    const summer = render('reminder', berlin(Date.UTC(2026, 9, 24, 7)), en('email')).text;
    const winter = render('reminder', berlin(Date.UTC(2026, 9, 25, 8)), en('email')).text;
    expect(summer).toMatch(
      /Saturday,? 24 October 2026\n09:00 to 09:30\nCentral European Summer Time \(Europe\/Berlin\)/,
    );
    expect(winter).toMatch(
      /Sunday,? 25 October 2026\n09:00 to 09:30\nCentral European Standard Time \(Europe\/Berlin\)/,
    );
  });

  test('[NI2] tell the two runs of a repeated hour apart', () => {
    const [first, second] = [0, 1].map(
      (hour) => render('reminder', berlin(Date.UTC(2026, 9, 25, hour, 30)), en('sms')).text,
    );
    expect(first).toContain('02:30 (Central European Summer Time)');
    expect(second).toContain('02:30 (Central European Standard Time)');
  });

  test('[NI2] are said in Bengali as they are there: digits, the part of the day first', () => {
    const { subject, text } = render('confirmed', facts, bn('email'));
    expect(subject).toMatch(/^আপনার অ্যাপয়েন্টমেন্ট বুক হয়েছে: মঙ্গল,? ১ ডিসে, সকাল ৯:০০$/);
    expect(text).toMatch(/মঙ্গলবার,? ১ ডিসেম্বর,? ২০২৬\nসকাল ৯:০০ থেকে সকাল ৯:৩০/);
    const night = { ...facts, appointment: { ...facts.appointment, startsAtMs: Date.UTC(2026, 11, 1, 12, 30) } };
    expect(render('confirmed', night, bn('sms')).text).toContain('সন্ধ্যা ৬:৩০');
  });

  test('[NI2] a move says when it was as well, and by which clock', () => {
    const moved = { ...facts, previousStartsAtMs: Date.UTC(2026, 10, 30, 4, 30) };
    expect(render('rescheduled', moved, en('email')).text).toMatch(
      /It was on Mon,? 30 Nov, 10:30 \(Bangladesh Standard Time\)\./,
    );
    const fromLondon = { ...moved, previousTimeZone: 'Europe/London' };
    expect(render('rescheduled', fromLondon, en('email')).text).toMatch(/30 Nov, 04:30 \(Greenwich Mean Time\)\./);
    expect(render('rescheduled', facts, en('email')).text).not.toContain('It was on');
  });
});

describe('no more than a channel needs', () => {
  test('[NI3] an SMS and a push name the time and the place, and nobody', () => {
    for (const kind of notificationKinds) {
      for (const audience of audiences) {
        for (const channel of ['sms', 'push'] as const) {
          const { subject, text } = render(kind, { ...facts, audience }, { locale: 'en', channel });
          expect(`${subject} ${text}`).not.toMatch(/Nadia|Islam|Rahima/);
        }
      }
    }
  });

  test('[NI3] without a clinic, the doctor is where one goes', () => {
    expect(render('reminder', { ...facts, clinicName: null }, en('sms')).text).toContain(', Rahima Khatun.');
  });

  test.each([null, 'Heart Clinic'])(
    '[NI3] of a visit by video, SMS and push say that, and not %s or the doctor',
    (at) => {
      const video = { ...facts, clinicName: at, appointment: { ...facts.appointment, mode: 'video' as const } };
      for (const channel of ['sms', 'push'] as const) {
        const { text } = render('reminder', video, en(channel));
        expect(text).toMatch(/\(Bangladesh Standard Time\), by video(\. Daybook)?$/);
        expect(text).not.toMatch(/Rahima|Heart/);
        expect(render('reminder', video, bn(channel)).text).toContain(', ভিডিওর মাধ্যমে');
      }
    },
  );

  test('[NI3] a subject names nobody, mail to a doctor has initials, and only Daybook itself the name', () => {
    const toDoctor: WordFacts = { ...facts, audience: 'doctor' };
    for (const kind of notificationKinds) {
      expect(render(kind, toDoctor, en('email')).subject).not.toMatch(/Nadia|Rahima/);
      expect(render(kind, facts, en('email')).subject).not.toMatch(/Nadia|Rahima/);
      const { text, html } = render(kind, toDoctor, en('email'));
      expect(`${text}${html}`).not.toMatch(/Nadia|Islam/);
      if (kind !== 'digest') expect(text).toContain('Patient: N. I.');
    }
    expect(render('confirmed', toDoctor, en('in_app')).text).toContain('Patient: Nadia Islam');
  });

  test('[NI3] an SMS fits one message in English and two in Bengali, whatever the clinic is called', () => {
    for (const clinicName of [
      'Heart Clinic',
      'Saint Bartholomew Memorial Hospital and Research Centre of Chittagong',
    ]) {
      for (const kind of notificationKinds.filter((each) => each !== 'security')) {
        for (const audience of audiences) {
          const english = render(kind, { ...facts, clinicName, audience }, en('sms')).text;
          // The GSM 7-bit alphabet without its escapes.
          expect(english).toMatch(/^[A-Za-z0-9 .,:;()'/-]{20,160}$/);
          expect(render(kind, { ...facts, clinicName, audience }, bn('sms')).text.length).toBeLessThanOrEqual(134);
        }
      }
    }
  });
});

describe('mail', () => {
  const markup = `<img src=x onerror=alert(1)> "quoted" & 'single' </td></table><script>`;

  test('[NI4] no name becomes markup, and every name stays readable', () => {
    const hostile = { ...facts, doctorName: markup, clinicName: `${markup}1`, patientName: `${markup}2` };
    const { html, text, subject } = render('confirmed', hostile, en('email'));
    expect(html).not.toMatch(/<(img|script)|onerror=alert\(1\)>/);
    expect(readable(html ?? '')).toContain(`Doctor ${markup} Patient ${markup}2 Place ${markup}1`);
    expect(text).toContain(markup);
    expect(subject).not.toContain('<');
  });

  test('[NI4] no name breaks a line, turns the text around it, or fills the page', () => {
    const lines = `Nadia\r\nBcc: all@example.com\u2028\u0000x`;
    const arabic = 'ليلى \u202eevil';
    const { text } = render('confirmed', { ...facts, patientName: lines, doctorName: arabic }, en('email'));
    expect(text).toContain('Patient: Nadia Bcc: all@example.com x\n');
    expect(text).toContain('Doctor: \u2068ليلى  evil\u2069\n');
    expect(text).not.toContain('\u202e');
    const long = render('confirmed', { ...facts, patientName: 'ক'.repeat(1_000) }, en('email'));
    expect(long.text).toContain(`Patient: ${'ক'.repeat(77)}...\n`);
    expect((long.html ?? '').length).toBeLessThan(20_000);
  });

  test('[NI4] initials of any script are whole characters', () => {
    const named = (patientName: string) =>
      render('confirmed', { ...facts, audience: 'doctor', patientName }, en('email')).text;
    expect(named('  নাদিয়া   ইসলাম ')).toContain('Patient: না. ই.');
    expect(named('👩‍⚕️ Ünal <b>')).toContain('Patient: 👩‍⚕️. Ü. <.');
    expect(named('a b c d e f')).toContain('Patient: a. b. c. d.\n');
  });

  test('[NI5] says its language on what clients keep, has a heading and headers, and loads nothing from anywhere', () => {
    for (const [locale, tag] of [
      ['en', 'en'],
      ['bn', 'bn'],
    ] as const) {
      const html = render('reminder', facts, { locale, channel: 'email' }).html ?? '';
      expect(html).toContain(`<html lang="${tag}" dir="ltr">`);
      expect(html).toContain(`<div class="ground" lang="${tag}" dir="ltr"`);
      expect(html.match(/<h1\b/g)).toHaveLength(1);
      expect(html.match(/<th scope="row"/g)).toHaveLength(3);
      expect(html.match(/<table (?!role="presentation")/g)).toHaveLength(1);
      expect(html).not.toMatch(/\ssrc=|url\(|@import|<link|<script|<img|background="/);
      const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
      expect(links).toEqual([
        'https://daybook.test/appointments/a_AAAA',
        'https://daybook.test/notifications/preferences',
        facts.unsubscribeUrl,
      ]);
    }
  });

  test('[NI5] is dark where its reader wants it dark, and every colour has its other', () => {
    const html = render('reminder', facts, en('email')).html ?? '';
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    const dark = /@media \(prefers-color-scheme:dark\)\{([\s\S]*?)\n\}/.exec(html)?.[1] ?? '';
    for (const [, classes = '', style = ''] of html.matchAll(/class="([^"]+)"[^>]*?style="([^"]*)"/g)) {
      for (const property of ['background-color', 'color', 'border-color'] as const) {
        const isSet =
          property === 'border-color' ? /border(-top)?:/.test(style) : new RegExp(`(^|;)${property}:`).test(style);
        const turned = classes
          .split(' ')
          .some((name) => new RegExp(`\\.${name}(?=\\{)[^}]*[{;]${property}:`).test(dark));
        expect({ classes, property, turned: turned || !isSet }).toEqual({ classes, property, turned: true });
      }
    }
  });

  test('[NI5] text and HTML say the same', () => {
    for (const kind of notificationKinds) {
      const { text, html } = render(kind, facts, en('email'));
      const read = readable(html ?? '');
      const [body = ''] = text.split('\n\n-- ');
      for (const line of body.split(/\n+/)) {
        const said = line.replace(/: https:\S+$/, '').replace(/^(Doctor|Patient|Place): /, '$1 ');
        expect(read).toContain(said);
      }
    }
  });

  test('[NI6] what cannot be ended has no link that would', () => {
    const { text, html } = render('security', { ...facts, unsubscribeUrl: null }, en('email'));
    expect(`${text}${html}`).not.toMatch(/unsubscribe|No more mail/);
    expect(render('reminder', facts, en('email')).text).toContain(`No more mail of this kind: ${facts.unsubscribeUrl}`);
  });
});

describe('a doctor’s digest', () => {
  const day = [
    { ...facts.appointment, clinicName: 'Heart Clinic', patientName: 'Nadia Islam' },
    {
      ...{ startsAtMs: startsAtMs + 3_600_000, endsAtMs: startsAtMs + 5_400_000, timeZone: 'Asia/Dhaka' },
      ...{ mode: 'video' as const, clinicName: null, patientName: '<b>Karim</b> Uddin' },
    },
  ];

  test('[NI7] lists the day in its order, by initials in mail, and begins an SMS with when it begins', () => {
    const digest: WordFacts = { ...facts, audience: 'doctor', day };
    const { subject, text, html } = render('digest', digest, en('email'));
    expect(subject).toMatch(/^Your day tomorrow: Tuesday,? 1 December 2026$/);
    expect(text).toContain('There are 2 appointments.');
    expect(text).toContain('09:00 to 09:30: N. I., Heart Clinic\n10:00 to 10:30: <. U., By video');
    expect(html).toContain('10:00 to 10:30');
    expect(html).not.toContain('<b>');
    expect(render('digest', digest, en('sms')).text).toMatch(
      /^Your day tomorrow begins: Tue,? 1 Dec, 09:00 \(Bangladesh Standard Time\)\. Daybook$/,
    );
  });
});
