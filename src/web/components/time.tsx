import { clockText, timeText, zoneText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';

/** An instant by the clock of a zone; for a reader whose own clock differs, theirs beside it. */
export const Instant = ({
  visit,
  at,
  timeZone,
  withZone = false,
}: {
  readonly visit: Visit;
  /** RFC 3339. */
  readonly at: string;
  readonly timeZone: string;
  /** Whether the zone is named here; else the page has named it for all its times. */
  readonly withZone?: boolean;
}) => {
  const { reader, words } = visit;
  const there = timeText(at, timeZone, reader.locale);
  const here = reader.timeZone === null ? there : timeText(at, reader.timeZone, reader.locale);
  return (
    <>
      <time datetime={at}>{there}</time>
      {withZone ? <span class="soft"> ({zoneText(timeZone, reader.locale, at)})</span> : null}
      {here === there ? null : <span class="soft"> · {words.yourTime(here)}</span>}
    </>
  );
};

/** The name that stands there most often, the first of those that do; `undefined` of none. */
export const mostOf = (names: readonly string[]): string | undefined => {
  const counts = [...Map.groupBy(names, (name) => name)].map(([name, { length }]) => [name, length] as const);
  return counts.reduce<readonly [string, number] | undefined>(
    (most, one) => (most === undefined || one[1] > most[1] ? one : most),
    undefined,
  )?.[0];
};

/** Says once, above a list, whose clock its times go by, so that only those of other zones name theirs. */
export const ZoneOfMost = ({
  visit,
  named,
  of,
}: {
  readonly visit: Visit;
  /** The name of the zone; without one, nothing is said. */
  readonly named: string | undefined;
  /** The names of the zones of all that is listed. */
  readonly of: readonly string[];
}) =>
  named === undefined ? null : (
    <span class="soft">{visit.words[of.every((one) => one === named) ? 'inZone' : 'inZoneOfMost'](named)}</span>
  );

/** The clock of an instant alone, where the page has said the date. */
export const Clock = ({
  visit,
  at,
  timeZone,
}: {
  readonly visit: Visit;
  readonly at: string;
  readonly timeZone: string;
}) => <time datetime={at}>{clockText(at, timeZone, visit.reader.locale)}</time>;
