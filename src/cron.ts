import { database } from './db/client.ts';
import { checkForDrift } from './doctor-days/drift-check.ts';
import { sweepWaitlist } from './doctor-days/waitlist-changes.ts';
import type { Cadence } from './domain/job-schedule.ts';
import { anchorDay } from './features/audit/anchors.ts';
import { sealWaiting } from './features/audit/seal.ts';
import { readDueCalendars } from './features/busy-import/sweep.ts';
import { forgetUnusedFeeds } from './features/calendar-feeds/forget.ts';
import { sweepDocuments } from './features/doctors/documents.ts';
import { retirePastDays } from './features/doctors/search-upkeep.ts';
import { sweepPatientDocuments } from './features/documents/keep.ts';
import { forgetOldChallenges } from './features/identity/challenge.ts';
import { retellEndings } from './features/identity/endings.ts';
import { forgetOldSessions } from './features/identity/refresh-token.ts';
import { sweepErasures } from './features/privacy/erase.ts';
import { sweepPictures } from './features/profiles/pictures.ts';
import { forgetStaleDevices } from './features/push/forget.ts';
import { makeReports } from './features/reports/make.ts';
import { workOnAbsences } from './features/schedules/absence-work.ts';
import { rollIndex, sweepStaleDays } from './features/schedules/changes.ts';
import { forgetDeadLetters } from './features/system/dead-letters.ts';
import { endPastEntries } from './features/waitlist/end.ts';
import { forgetDeliveries, sweepDeliveries } from './features/webhooks/deliver.ts';
import { foldFigures } from './figures/fold.ts';
import { forgetOldAnswers } from './http/idempotency.ts';
import type { Job } from './jobs/job.ts';
import { runDue } from './jobs/run.ts';
import { forgetJobRuns } from './jobs/runs.ts';
import { forgetOldMessages, sweepMessages } from './messages/consume.ts';
import { sweepDue, sweepIntents } from './notifications/consume.ts';
import { forgetOldNotifications } from './notifications/ledger.ts';
import { checkPayments } from './payments/check.ts';
import { tillOf } from './payments/env-till.ts';
import { reconcilePayments, sweepPayments } from './payments/sweep.ts';
import { rewrapDataKeys } from './sealing/rewrap.ts';

const job = (every: Cadence, name: string, description: string, work: Job['work']): Job => ({
  name,
  every,
  description,
  work,
});

/** Everything that is done by the clock, in the order in which it is done. */
export const jobs: readonly Job[] = [
  job('minute', 'seal_audit', 'Chains what was recorded in the audit.', async (env) => ({
    rows: await sealWaiting(env.DB),
  })),
  job('minute', 'sweep_stale_days', 'Tells days again that a schedule edit has not reached.', async (env, nowMs) => ({
    days: await sweepStaleDays(env, nowMs),
  })),
  job('minute', 'sweep_waitlist', 'Tells days again who waits for them.', async (env, nowMs) => ({
    days: await sweepWaitlist(env, nowMs),
  })),
  job('minute', 'end_waitlist_entries', 'Ends waiting for dates that are over.', async (env, nowMs) => ({
    entries: await endPastEntries(env, nowMs),
  })),
  job('minute', 'retire_past_days', 'Takes days that are over out of search.', async (env, nowMs) => ({
    days: await retirePastDays(database(env.DB), nowMs),
  })),
  job('minute', 'sweep_documents', 'Deletes files that were removed or never arrived whole.', async (env, nowMs) => ({
    files: await sweepDocuments(env, nowMs),
  })),
  job(
    'minute',
    'sweep_patient_documents',
    'Deletes files of patients that were removed, or never arrived whole.',
    async (env, nowMs) => ({ files: await sweepPatientDocuments(env, nowMs) }),
  ),
  job(
    'minute',
    'sweep_pictures',
    'Deletes pictures that are nobody’s, or never arrived whole.',
    async (env, nowMs) => ({
      files: await sweepPictures(env, nowMs),
    }),
  ),
  job('minute', 'sweep_messages', 'Sends messages whose notice was lost.', async (env, nowMs) => ({
    messages: await sweepMessages(env, nowMs),
  })),
  job('minute', 'sweep_intents', 'Takes up what people are to be told of and nobody was woken for.', sweepIntents),
  job('minute', 'sweep_webhooks', 'Posts again what webhooks of clinics did not take.', async (env, nowMs) => ({
    deliveries: await sweepDeliveries(env, nowMs),
  })),
  job('minute', 'fold_figures', 'Counts anew what days came to that have changed.', async (env) => ({
    days: await foldFigures(env.DB),
  })),
  job('minute', 'retell_endings', 'Tells session guards what they could not be told before.', async (env, nowMs) => ({
    endings: await retellEndings(env, nowMs),
  })),
  job('minute', 'sweep_erasures', 'Goes on with erasures that were broken off.', async (env, nowMs) => ({
    erasures: await sweepErasures(env, nowMs),
  })),
  job(
    'minute',
    'work_on_absences',
    'Goes on with absences whose patients are not taken care of yet.',
    async (env, nowMs) => ({
      appointments: await workOnAbsences(env, nowMs),
    }),
  ),
  job('minute', 'rewrap_data_keys', 'Brings data keys under the newest master key.', async (env) => ({
    keys: await rewrapDataKeys(env),
  })),

  job('minute', 'settle_payments', 'Settles payments, and sends the refunds that are owed.', async (env, nowMs) => ({
    ...(await sweepPayments(tillOf(env), nowMs)),
  })),
  job('five_minutes', 'send_reminders', 'Sends reminders, digests and other notices that are due.', sweepDue),
  job('five_minutes', 'read_calendars', 'Reads the calendars that doctors keep elsewhere.', readDueCalendars),

  job(
    'five_minutes',
    'reconcile_payments',
    'Asks the gateway what was paid on orders that may be in doubt.',
    async (env, nowMs) => ({
      ...(await reconcilePayments(tillOf(env), nowMs)),
    }),
  ),
  job('five_minutes', 'make_reports', 'Makes the monthly reports of months that have ended.', async (env, nowMs) => ({
    reports: await makeReports(env, nowMs),
  })),

  job('day', 'anchor_audit', 'Puts the heads of the audit’s chains beyond the reach of D1.', anchorDay),
  job('day', 'roll_search_index', 'Moves the search index of every doctor on by a day.', async (env) => ({
    doctors: await rollIndex(env),
  })),
  job('day', 'check_for_drift', 'Compares days around today with what D1 shows of them.', (env, nowMs) =>
    checkForDrift(env, nowMs),
  ),
  job(
    'day',
    'check_payments',
    'Checks the ledger, and finds payments that nothing was done about.',
    async (env, nowMs) => ({
      ...(await checkPayments(tillOf(env), nowMs)),
    }),
  ),
  job('day', 'forget_answers', 'Deletes answers kept for repeats, after 48 hours.', async (env, nowMs) => ({
    deleted: await forgetOldAnswers(database(env.DB), nowMs),
  })),
  job('day', 'forget_messages', 'Deletes messages after 30 days.', async (env, nowMs) => ({
    deleted: await forgetOldMessages(database(env.DB), nowMs),
  })),
  job(
    'day',
    'forget_dead_letters',
    'Deletes queue messages that were given up, after 90 days.',
    async (env, nowMs) => ({
      deleted: await forgetDeadLetters(database(env.DB), nowMs),
    }),
  ),
  job('day', 'forget_devices', 'Deletes devices whose session has run out.', async (env, nowMs) => ({
    deleted: await forgetStaleDevices(env, nowMs),
  })),
  job('day', 'forget_deliveries', 'Deletes what webhooks were told, after 90 days.', async (env, nowMs) => ({
    deleted: await forgetDeliveries(env, nowMs),
  })),

  job('week', 'forget_sessions', 'Deletes sessions and refresh tokens that have run out.', (env, nowMs) =>
    forgetOldSessions(database(env.DB), nowMs),
  ),
  job('week', 'forget_notifications', 'Deletes what people were told of, after half a year.', async (env, nowMs) => ({
    deleted: await forgetOldNotifications(env.DB, nowMs),
  })),
  job('week', 'forget_codes', 'Deletes codes and links that have run out.', async (env, nowMs) => ({
    deleted: await forgetOldChallenges(database(env.DB), nowMs),
  })),
  job('week', 'forget_feeds', 'Revokes calendar feeds that nobody has fetched for a year.', async (env, nowMs) => ({
    revoked: await forgetUnusedFeeds(env, nowMs),
  })),
  job('week', 'forget_job_runs', 'Deletes records of runs after 180 days.', (env, nowMs) =>
    forgetJobRuns(
      database(env.DB),
      jobs.map(({ name }) => name),
      nowMs,
    ),
  ),
];

/** The crons of the wrangler file, and what each of them rings for. The nightly one may compute for longer. */
export const crons: Readonly<Record<string, readonly Cadence[]>> = {
  '* * * * *': ['minute'],
  '*/5 * * * *': ['five_minutes'],
  '23 2 * * *': ['day', 'week', 'month'],
};

/** Another cron's jobs are left to it for so long; then the minute's takes them, for theirs did not come, or they failed. */
const graceMs = 10 * 60_000;

/**
 * Runs what a cron rings for and what is overdue. A cron that comes twice, late, or together with another does no harm:
 * what runs is what is due, and who claims it.
 */
export const ring = async (env: Env, cron: string, nowMs: number): Promise<void> => {
  const own = crons[cron] ?? [];
  await runDue(
    env,
    jobs.filter(({ every }) => own.includes(every)),
    nowMs,
  );
  if (!own.includes('minute')) return;
  await runDue(
    env,
    jobs.filter(({ every }) => every !== 'minute'),
    nowMs,
    graceMs,
  );
};
