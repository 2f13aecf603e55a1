import type { Locale } from '../../../domain/notifications/preferences.ts';
import type { Problem } from '../../api.ts';
import type { FieldLabels } from '../../components/field.tsx';
import { shortDateText, spanText } from '../../money-and-time.ts';
import { inLocalDigits } from '../../words/digits.ts';
import { hoursWords } from './words.ts';

/** Hours of one day (each end `HH:MM`, or as far as it is typed). */
interface Hours {
  readonly start: string;
  readonly end: string;
}

/** Whether hours end on the day after the one they begin on. */
export const endsNextDay = ({ start, end }: Hours): boolean =>
  start !== '' && end !== '' && end.slice(0, 5) <= start.slice(0, 5);

/** Hours as somebody reads them, saying so where they end on the next day. */
export const hoursText = (hours: Hours, locale: Locale): string => {
  if (!endsNextDay(hours)) return spanText(hours.start, hours.end, locale);
  return hoursWords[locale].overnight(inLocalDigits(hours.start, locale), inLocalDigits(hours.end, locale));
};

/** Hours of a day of every week. */
export const weeklyText = (hours: Hours & { readonly weekday: string | number }, locale: Locale): string =>
  `${hoursWords[locale].weekdays[Number(hours.weekday) - 1]} ${hoursText(hours, locale)}`;

const datedText = (hours: Hours & { readonly date: string }, locale: Locale): string =>
  `${shortDateText(hours.date, locale)}, ${hoursText(hours, locale)}`;

/** A refusal as a page of hours says it. */
interface Said {
  readonly problem: Problem | null;
  /** What is said of all of it, where the page has words of its own. */
  readonly sentence?: string;
  readonly labels?: FieldLabels;
}

/** Two weekly hours that cover the same time, both named and marked; any other problem as it is. */
export const weeklyOverlapSaid = (problem: Problem | null, locale: Locale): Said => {
  if (problem?.code !== 'rules_overlap') return { problem };
  const words = hoursWords[locale];
  const rules = problem.more.rules as readonly (Hours & { readonly path: string; readonly weekday: number })[];
  const [one = '', other = ''] = rules.map((rule) => weeklyText(rule, locale));
  const [first = '', second = ''] = rules.map(({ path }) => path);
  const label = (path: string) => {
    const i = Number(path.slice('rules.'.length));
    return [`${path}.start`, { id: `start-${i}`, label: words.rule(i + 1) }] as const;
  };
  return {
    problem: {
      ...problem,
      fields: { [`${first}.start`]: words.sameAs(other), [`${second}.start`]: words.sameAs(one) },
    },
    sentence: words.sameTime(one, other),
    labels: new Map([label(first), label(second)]),
  };
};

/** Hours of one date that are there already, named; any other problem as it is. */
export const datedOverlapSaid = (problem: Problem | null, locale: Locale): Said => {
  if (problem?.code !== 'sessions_overlap') return { problem };
  const words = hoursWords[locale];
  const sessions = problem.more.sessions as readonly (Hours & { readonly date: string })[];
  const [standing = '', added = ''] = sessions.map((session) => datedText(session, locale));
  return {
    problem: { ...problem, fields: { 'sessions.0.start': words.sameAs(standing) } },
    sentence: words.sameTime(standing, added),
    labels: new Map([['sessions.0.start', { id: 'start-0', label: words.start }]]),
  };
};
