import { answered, type apiOf } from './api.ts';

/** What a calendar program shows of an event. */
export interface Shown {
  readonly uid: string;
  readonly sequence: number;
  readonly status: string;
  /** As the feed writes it: local time, with its zone. */
  readonly starts: string;
  readonly summary: string;
}

/** D1 hears of a change within seconds of it. */
const patienceMs = 15_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Subscribes to somebody's calendar, as a program on their phone would: by a secret address, without signing in. */
export const subscribe = async (url: string, api: ReturnType<typeof apiOf>) => {
  const feed = await answered(api['calendar-feeds'].$post({ json: { label: 'My phone', privacy: 'full' } }));
  const address = `${url}${new URL(feed.url).pathname}`;
  let [etag, last]: [string, Shown[]] = ['', []];
  const look = async (): Promise<Shown[]> => {
    const response = await fetch(address, { headers: { 'if-none-match': etag } });
    if (response.status === 304) return last;
    if (!response.ok) throw new Error(`the feed answers ${response.status}`);
    etag = response.headers.get('etag') ?? '';
    last = eventsIn(await response.text());
    return last;
  };
  return {
    /** Looks again until the calendar shows an appointment as it should be; gives all that it shows. */
    sees: async (appointmentId: string, holds: (event: Shown) => boolean): Promise<readonly Shown[]> => {
      for (const untilMs = Date.now() + patienceMs; Date.now() < untilMs; await pause(300)) {
        const events = await look();
        const found = events.find(({ uid }) => uid === `${appointmentId}@daybook`);
        if (found !== undefined && holds(found)) return events;
      }
      throw new Error('the calendar does not follow');
    },
    revoke: async (): Promise<number> => {
      await api['calendar-feeds'][':id'].$delete({ param: { id: feed.id } });
      return (await fetch(address)).status;
    },
  };
};

const eventsIn = (ics: string): Shown[] =>
  ics
    .replaceAll('\r\n ', '')
    .split('BEGIN:VEVENT')
    .slice(1)
    .map((event) => {
      const value = (name: string): string => new RegExp(`^${name}[;:](.*)$`, 'm').exec(event)?.[1]?.trim() ?? '';
      return {
        uid: value('UID'),
        sequence: Number(value('SEQUENCE')),
        status: value('STATUS'),
        starts: value('DTSTART').replace('TZID=', ''),
        summary: value('SUMMARY'),
      };
    });
