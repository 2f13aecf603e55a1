import { clockText, numberText, zoneText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { bookWords } from './words.ts';

/** When what is left is said aloud, seconds before the end. */
const saidAt = [120, 60, 30, 10] as const;

/**
 * Until when something is held: written out for everybody, and with the script `countdown` counted down by the server's
 * clock. When it is over the page is asked for again: the server says what is true then.
 */
export const Countdown = ({
  visit,
  from,
  until,
  timeZone,
}: {
  readonly visit: Visit;
  /** Since when it is held; all RFC 3339. */
  readonly from: string;
  readonly until: string;
  readonly timeZone: string;
}) => {
  const { reader } = visit;
  const words = bookWords[reader.locale].confirm;
  const there = clockText(until, timeZone, reader.locale);
  const here = reader.timeZone === null ? there : clockText(until, reader.timeZone, reader.locale);
  const { soon } = words;
  const said = saidAt.map((seconds) => {
    const n = numberText(seconds > 60 ? seconds / 60 : seconds, reader.locale);
    return [seconds, seconds > 60 ? soon.minutes(n) : seconds === 60 ? soon.minute : soon.seconds(n)] as const;
  });
  const nowMs = Date.now();
  return (
    <div
      class="notice blue countdown"
      data-countdown
      data-now={nowMs}
      data-until={Date.parse(until)}
      data-whole={Math.max(1, Date.parse(until) - Date.parse(from))}
      data-said={JSON.stringify(said)}
      data-over={words.over}
    >
      <p>
        {words.heldUntil}{' '}
        <strong>
          <time datetime={until}>{there}</time>
        </strong>{' '}
        ({zoneText(timeZone, reader.locale, until)}){here === there ? null : ` · ${visit.words.yourTime(here)}`}
      </p>
      <p hidden data-left>
        {words.left} <strong role="timer" />
        <progress max={1} value={1} aria-hidden="true" />
      </p>
      <p class="unseen" role="status" />
    </div>
  );
};
