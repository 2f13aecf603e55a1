import ICAL from 'ical.js';
import nodeIcal from 'node-ical';

/** What a program that reads calendars understands of an event. */
export interface ReadEvent {
  readonly uid: string;
  readonly sequence: number;
  readonly status: string;
  readonly summary: string;
  readonly description: string | null;
  readonly location: string | null;
  readonly busy: boolean;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

const inOrder = (events: ReadEvent[]): ReadEvent[] =>
  events.sort((a, b) => a.startsAtMs - b.startsAtMs || (a.uid < b.uid ? -1 : 1));

/** As Thunderbird's library reads it: by the time zones that the calendar itself defines. */
export const byIcalJs = (ics: string): ReadEvent[] => {
  const calendar = new ICAL.Component(ICAL.parse(ics));
  return inOrder(
    calendar.getAllSubcomponents('vevent').map((one) => {
      const textOf = (name: string): string | null => (one.getFirstPropertyValue(name) as string | null) ?? null;
      const timeOf = (name: string): number =>
        (one.getFirstPropertyValue(name) as InstanceType<typeof ICAL.Time>).toUnixTime() * 1000;
      return {
        uid: textOf('uid') ?? '',
        sequence: Number(one.getFirstPropertyValue('sequence')),
        status: textOf('status') ?? '',
        summary: textOf('summary') ?? '',
        description: textOf('description'),
        location: textOf('location'),
        busy: textOf('transp') === 'OPAQUE',
        startsAtMs: timeOf('dtstart'),
        endsAtMs: timeOf('dtend'),
      };
    }),
  );
};

/** As node-ical reads it: by the time zones that it knows itself. */
export const byNodeIcal = (ics: string): ReadEvent[] => {
  const plain = (value: unknown): string | null => {
    if (value === undefined) return null;
    return typeof value === 'object' ? String((value as { val: unknown }).val) : String(value);
  };
  return inOrder(
    Object.values(nodeIcal.sync.parseICS(ics)).flatMap((one) =>
      one?.type !== 'VEVENT'
        ? []
        : [
            {
              uid: one.uid,
              sequence: Number(one.sequence),
              status: String(one.status),
              summary: plain(one.summary) ?? '',
              description: plain(one.description),
              location: plain(one.location),
              busy: one.transparency === 'OPAQUE',
              startsAtMs: one.start.getTime(),
              endsAtMs: one.end?.getTime() ?? 0,
            },
          ],
    ),
  );
};
