import type { Interval } from '../../domain/interval.ts';

const slackMs = 3 * 86_400_000;
const [begin, end] = ['\nBEGIN:VEVENT', '\nEND:VEVENT'];

/**
 * An iCalendar text without the events that cannot matter to a window: published calendars hold all the past, and
 * reading it takes long. Only what is plain to see is left out: an event that happens once, whose first and last dates
 * are written as they mostly are. Everything else stays for the parser.
 */
export const relevant = (text: string, window: Interval): string => {
  const [from, to] = [digits(window.startsAtMs - slackMs), digits(window.endsAtMs + slackMs)];
  let kept = '';
  let at = 0;
  // Each end is looked for once, from where the one before was found: in time that grows with the text and no faster.
  for (;;) {
    const starts = text.indexOf(begin, at);
    const stops = starts === -1 ? -1 : text.indexOf(end, starts + begin.length);
    if (stops === -1) return kept + text.slice(at);
    const upTo = stops + end.length;
    kept += text.slice(at, isApart(text.slice(starts, upTo), from, to) ? starts : upTo);
    at = upTo;
  }
};

const isApart = (event: string, from: string, to: string): boolean => {
  if (/^(RRULE|RDATE|RECURRENCE-ID|DURATION)/im.test(event)) return false;
  const start = dateIn(event, 'DTSTART');
  if (start === null) return false;
  if (start > to) return true;
  // Without an end it lasts a day at most.
  const last = /^DTEND/im.test(event) ? dateIn(event, 'DTEND') : start;
  return last !== null && start <= last && last < from;
};

/** The date of a property that stands in the event once, unfolded, without anything in quotes. */
const dateIn = (event: string, name: string): string | null => {
  const found = [...event.matchAll(new RegExp(`^${name}(?:;[^":\\r\\n]*)?:(\\d{8})(?:T\\d{6}Z?)?\\r?$`, 'gim'))];
  const [match, ...others] = found;
  return match?.[1] === undefined || others.length > 0 ? null : match[1];
};

/** `YYYYMMDD`, as iCalendar writes dates: they compare as they lie. */
const digits = (ms: number): string => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '');
