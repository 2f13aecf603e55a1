import { database } from '../../db/client.ts';
import type { BusyMinutes } from '../../domain/busy-time.ts';
import type { LocalDate } from '../../domain/local-date.ts';
import type { Settings } from '../../env.ts';
import { dispatch, postMessage } from '../../messages/message.ts';
import { type Due, type Outcome, stillOurs } from './due.ts';
import { edit } from './edit.ts';
import { rowsOf } from './rows.ts';
import { unknownDates } from './spread.ts';
import type { CalendarFault } from './unreadable.ts';

const patienceMs = 6 * 3_600_000;

const words: Readonly<Record<CalendarFault, string>> = {
  address_refused: 'its address now leads somewhere that may not be asked',
  unreachable: 'its server cannot be reached',
  timed_out: 'its server takes too long to answer',
  too_many_redirects: 'its address leads on and on',
  not_allowed: 'its server does not let us read it',
  gone: 'it is no longer at its address',
  server_error: 'its server answers with an error',
  too_large: 'it is too large',
  not_a_calendar: 'what is at its address is not a calendar',
  malformed: 'it holds something that is not valid',
  unknown_zone: 'it uses a time zone that nobody knows',
  too_complex: 'it repeats too much to be read',
  internal_error: 'something goes wrong on our side',
};

/**
 * Keeps that a calendar fails, since when and why, with the times that are known of it. After six hours its doctor is
 * told. As the booking window moves on to dates of which nothing is known, those are blocked whole.
 */
export const keepFailing = async (
  env: Env,
  settings: Settings,
  due: Due,
  failure: CalendarFault,
  nowMs: number,
): Promise<Outcome> => {
  await keepState(env, settings, due, failure, nowMs);
  await blockUnknown(env, due, nowMs);
  return 'failing';
};

const wholeDay: BusyMinutes = [[0, 24 * 60]];

/** Blocks the dates of the booking window that a calendar was never spread out to. */
export const blockUnknown = async (env: Env, due: Due, nowMs: number): Promise<void> => {
  const { source, doctor } = due;
  const spread = { until: source.spreadUntil as LocalDate, zone: source.spreadZone };
  const dates = unknownDates(spread, doctor, nowMs);
  const last = dates.at(-1);
  if (last === undefined) return;
  const days = new Map(dates.map((date) => [date, wholeDay]));
  // Whatever its server says has not changed since, these dates have to be read.
  const set = { spreadUntil: last, etag: null, lastModified: null };
  await edit(env, due, { gone: [], come: rowsOf(source, days), changes: dates.length }, set, nowMs);
};

const keepState = async (
  env: Env,
  settings: Settings,
  due: Due,
  failure: CalendarFault,
  nowMs: number,
): Promise<void> => {
  const db = database(env.DB);
  const { source, account } = due;
  const failingSinceMs = source.failingSinceMs ?? nowMs;
  const state = { failure, failingSinceMs };
  if (source.toldAtMs !== null || nowMs - failingSinceMs < patienceMs) {
    await stillOurs(db, due, state);
    return;
  }
  const text = [
    `Your calendar "${source.name}" (${source.host}) could not be read for some hours: ${words[failure]}.`,
    'The times that were busy when it could be read last stay blocked, and new ones are not known.',
    `Look at your calendars in Daybook, and remove this one or add it again: ${settings.appUrl}`,
  ].join('\n\n');
  const { id, statement } = await postMessage(
    db,
    settings.dataKey,
    {
      ...{ accountId: source.doctorId, kind: 'calendar_failing', channel: 'email', to: account.email },
      ...{ subject: 'A calendar of yours cannot be read', text },
    },
    nowMs,
  );
  await db.batch([stillOurs(db, due, { ...state, toldAtMs: nowMs }), statement]);
  await dispatch(env, id);
};
