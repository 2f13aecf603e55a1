import { inject } from 'vitest';
import type { IcsStep } from './ics-server.ts';

/** An iCalendar text of some components. */
export const icsOf = (...components: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...components, 'END:VCALENDAR', ''].join('\r\n');

/** An event of some lines. */
export const icsEvent = (...lines: readonly string[]): string =>
  ['BEGIN:VEVENT', 'UID:one@example.org', 'DTSTAMP:20260101T000000Z', ...lines, 'END:VEVENT'].join('\r\n');

let count = 0;

/** A calendar at an address of its own, whose server answers with these steps. */
export const publish = async (...steps: readonly IcsStep[]) => {
  count += 1;
  const url = `${inject('icsUrl')}/private-${count}-${crypto.randomUUID()}.ics`;
  const answer = async (...next: readonly IcsStep[]): Promise<void> => {
    const response = await fetch(url, { method: 'PUT', body: JSON.stringify(next) });
    await response.body?.cancel();
  };
  await answer(...steps);
  return {
    url,
    /** Answers otherwise from now on. */
    answer,
    /** The headers of each request since. */
    asked: async (): Promise<Record<string, string>[]> => (await fetch(`${url}?asked`)).json(),
  };
};
