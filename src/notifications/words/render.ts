import { initialsOf, nameIn } from '../../domain/names.ts';
import type { Audience, NotificationKind } from '../../domain/notifications/kinds.ts';
import type { Locale } from '../../domain/notifications/preferences.ts';
import { bengali } from './bn.ts';
import { english } from './en.ts';
import type { Rendered, Saying, WordFacts } from './facts.ts';
import type { Language, Said } from './language.ts';
import { type Detail, type Letter, textOf } from './letter.ts';
import { htmlOf } from './letter-html.ts';
import { numberIn, whenOf } from './when.ts';

const languages: Readonly<Record<Locale, Language>> = { en: english, bn: bengali };
/** A clinic's name in an SMS: what is left of one of 160 characters after the time. */
const maxPlaceInSms = 32;

/**
 * Puts a notification into words. Every time stands on the clock of the appointment's own zone, which is named. What a
 * channel does not need is not said: an SMS and a push name the time and the place, or that it is by video, and nobody;
 * the subject names nobody; mail to a doctor has the patient's initials, and only what is read in Daybook itself the
 * whole name.
 */
export const render = (kind: NotificationKind, facts: WordFacts, { locale, channel }: Saying): Rendered => {
  const language = languages[locale];
  const wording = facts.isSecondPayment === true ? language.secondPayment : language.wordings[kind][facts.audience];
  const when = whenOf(facts.appointment, locale);
  const day = kind === 'digest' ? (facts.day ?? []) : null;
  const lead = wording.lead(saidOf(facts, locale, facts.count ?? day?.length ?? 1));
  const subject = `${wording.title}: ${day === null ? when.short : when.date}`;
  if (channel === 'sms' || channel === 'push') {
    const place =
      facts.appointment.mode === 'video'
        ? language.labels.video.toLowerCase()
        : nameIn(facts.clinicName ?? facts.doctorName, maxPlaceInSms);
    const where = day === null ? `, ${place}` : '';
    const until = untilOf(facts, locale);
    const kept = until === null ? '' : `. ${language.labels.keptUntil(until.start)}`;
    const line = `${when.short} (${when.zone})${where}${kept}`;
    return channel === 'push'
      ? { subject: wording.title, text: line, html: null }
      : { subject, text: `${wording.brief}: ${line}. Daybook`, html: null };
  }
  const who = channel === 'email' && facts.audience === 'doctor' ? initialsOf : nameIn;
  const details = day === null ? detailsOf(facts, language, who) : entriesOf(facts, language, locale, who);
  if (channel === 'in_app') {
    const lines = [`${when.date}, ${day === null ? `${when.hours}, ` : ''}${when.zone}`, ...details.map(lineOf)];
    return { subject: wording.title, text: [lead, lines.join('\n')].join('\n\n'), html: null };
  }
  const { labels } = language;
  const page = day === null ? `appointments/${facts.appointment.id}` : 'day';
  const letter: Letter = {
    tag: language.tag,
    dir: language.dir,
    audience: facts.audience,
    title: wording.title,
    lead,
    date: when.date,
    hours: day === null ? when.hours : null,
    zone: `${when.zone} (${facts.appointment.timeZone})`,
    details,
    action: { label: day === null ? labels.open : labels.openDay, url: `${facts.appUrl}/${page}` },
    why: labels.why[facts.audience],
    preferences: { label: labels.preferences, url: `${facts.appUrl}/notifications/preferences` },
    unsubscribe: facts.unsubscribeUrl === null ? null : { label: labels.unsubscribe, url: facts.unsubscribeUrl },
  };
  return { subject, text: textOf(letter), html: htmlOf(letter) };
};

/** What notifications of a kind are called. */
export const titleOf = (kind: NotificationKind, audience: Audience, locale: Locale): string =>
  languages[locale].wordings[kind][audience].title;

const lineOf = ({ label, value }: Detail): string => `${label}: ${value}`;

const saidOf = (facts: WordFacts, locale: Locale, count: number): Said => {
  const { appointment, previousStartsAtMs = null, previousTimeZone = null, by = null } = facts;
  const timeZone = previousTimeZone ?? appointment.timeZone;
  const was =
    previousStartsAtMs === null ? null : whenOf({ ...appointment, startsAtMs: previousStartsAtMs, timeZone }, locale);
  const until = untilOf(facts, locale);
  return {
    doctor: nameIn(facts.doctorName),
    previous: was === null ? null : `${was.short} (${was.zone})`,
    by,
    count: numberIn(locale, count),
    single: count === 1,
    minutes: numberIn(locale, facts.lateMinutes ?? 0),
    until: until === null ? null : `${until.short} (${until.zone})`,
  };
};

const untilOf = ({ offeredUntilMs = null, appointment }: WordFacts, locale: Locale) =>
  offeredUntilMs === null
    ? null
    : whenOf({ ...appointment, startsAtMs: offeredUntilMs, endsAtMs: offeredUntilMs }, locale);

const placeOf = (at: Pick<WordFacts, 'clinicName'> & { mode: string }, { labels }: Language): string | null =>
  at.mode === 'video' ? labels.video : at.clinicName === null ? null : nameIn(at.clinicName);

const detailsOf = (facts: WordFacts, language: Language, who: (name: string) => string): Detail[] => {
  const { labels } = language;
  const place = placeOf({ clinicName: facts.clinicName, mode: facts.appointment.mode }, language);
  const details: [string, string | null][] = [
    [labels.doctor, facts.audience === 'patient' ? nameIn(facts.doctorName) : null],
    [labels.patient, facts.patientName === null ? null : who(facts.patientName)],
    [labels.place, place],
  ];
  return details.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
};

const entriesOf = (facts: WordFacts, language: Language, locale: Locale, who: (name: string) => string): Detail[] =>
  (facts.day ?? []).map((entry) => {
    const name = facts.audience === 'doctor' ? entry.patientName : facts.doctorName;
    const parts = [name === null ? null : who(name), placeOf(entry, language)];
    return { label: whenOf(entry, locale).hours, value: parts.filter((part) => part !== null).join(', ') };
  });
