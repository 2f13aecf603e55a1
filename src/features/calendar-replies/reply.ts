import ICAL from 'ical.js';
import { parseLocalDate } from '../../domain/local-date.ts';
import { instantOf, parseTimeZone } from '../../domain/zoned-time.ts';

/** What somebody's program says about an invitation: RFC 5546 section 3.2.3. */
export interface Reply {
  readonly uid: string;
  readonly sequence: number;
  /** Who answers, as the invitation named them; in lower case. */
  readonly attendee: string;
  readonly answer: 'accepted' | 'declined';
  /** The start that was answered to, ms; `null` when it does not say, or not so that it can be understood. */
  readonly startsAtMs: number | null;
}

/** A reply of a program is a kilobyte or two. */
const maxLength = 65_536;

/** Reads an iTIP REPLY to one event of one person; `null` for anything else: tentative, counter-proposals, series. */
export const readReply = (ics: string): Reply | null => {
  if (ics.length > maxLength) return null;
  const calendar = parsed(ics);
  if (calendar === null || textOf(calendar, 'method')?.toUpperCase() !== 'REPLY') return null;
  const [event, another] = calendar.getAllSubcomponents('vevent');
  if (event === undefined || another !== undefined || event.hasProperty('recurrence-id')) return null;
  const [attendee, second] = event.getAllProperties('attendee');
  const uid = textOf(event, 'uid');
  if (attendee === undefined || second !== undefined || uid === null) return null;
  const answer = answers[String(attendee.getFirstParameter('partstat')).toUpperCase()];
  const address = /^mailto:(.+)$/i.exec(String(attendee.getFirstValue()))?.[1];
  if (answer === undefined || address === undefined) return null;
  const sequence = Number(event.getFirstPropertyValue('sequence') ?? 0);
  return { uid, sequence, attendee: address.trim().toLowerCase(), answer, startsAtMs: startOf(event) };
};

const answers: Readonly<Record<string, Reply['answer']>> = { ACCEPTED: 'accepted', DECLINED: 'declined' };

type Component = InstanceType<typeof ICAL.Component>;

const parsed = (ics: string): Component | null => {
  try {
    const calendar = new ICAL.Component(ICAL.parse(ics));
    return calendar.name === 'vcalendar' ? calendar : null;
  } catch {
    return null;
  }
};

const textOf = (component: Component, name: string): string | null => {
  const value = component.getFirstPropertyValue(name);
  return typeof value === 'string' ? value : null;
};

/** By the zone that the reply defines, as Outlook does with names of its own, or else one of the zone database. */
const startOf = (event: Component): number | null => {
  try {
    const property = event.getFirstProperty('dtstart');
    const time = property?.getFirstValue();
    if (!(time instanceof ICAL.Time) || time.isDate) return null;
    const { zone } = time;
    if (zone !== null && zone !== ICAL.Timezone.localTimezone) return time.toUnixTime() * 1000;
    const timeZone = parseTimeZone(String(property?.getFirstParameter('tzid')));
    const [date = '', clock = ''] = time.toString().split('T');
    const local = parseLocalDate(date);
    return timeZone === null || local === null ? null : instantOf(local, clock.slice(0, 5), timeZone);
  } catch {
    return null;
  }
};
