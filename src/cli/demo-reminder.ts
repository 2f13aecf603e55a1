import { accessTokenOf, answered, apiOf, unless } from './api.ts';
import { credentials } from './demo-data.ts';

/** A mail as the mailbox of a developer's machine shows it. */
export interface Mail {
  readonly to: string;
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
}

type Api = ReturnType<typeof apiOf>;

const minuteMs = 60_000;
/** What is booked or moved before a reminder is due must be so by then. */
const leadMs = 10_000;
/** From the doctor-day by way of a queue into the ledger. */
const patienceMs = 20_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The next full minute that leaves time to do something before it, ms. */
export const soonMs = (nowMs: number): number => Math.ceil((nowMs + leadMs) / minuteMs) * minuteMs;

/** Looks again until something is there. */
const eventually = async <T>(look: () => Promise<T | undefined>, otherwise: string): Promise<T> => {
  for (const untilMs = Date.now() + patienceMs; Date.now() < untilMs; await pause(300)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(otherwise);
};

/**
 * What shows reminders: the demo admin, who sees the ledger and runs its job, and the mailbox. `null` where there is
 * neither, as in a deployment.
 */
export const backstage = async (url: string) => {
  const mailbox = `${url}/dev/mailbox`;
  const read = () => fetch(mailbox, { headers: { accept: 'application/json' } });
  const { email, password } = credentials.admin;
  if (!(await read()).ok) return null;
  const session = await unless(apiOf(url).auth.login.$post({ json: { email, password } }), 'invalid_credentials');
  // The demo admin may have another password by now, or a second factor.
  if (session === null || !('accessToken' in session)) return null;
  const admin = apiOf(url, accessTokenOf(session));
  const reminders = async (recipient: string) =>
    (await answered(admin.admin.notifications.$get({ query: { kind: 'reminder', recipient } }))).items.filter(
      ({ channel }) => channel === 'email',
    );
  return {
    /** Waits until the ledger says of somebody's reminder for an appointment's time what became of it. */
    ledgerSays: (recipient: string, startsAt: string, dueMs: number | null, state: string) =>
      eventually(
        async () =>
          (await reminders(recipient)).find(
            (row) =>
              row.startsAt === startsAt && row.state === state && (dueMs === null || Date.parse(row.dueAt) === dueMs),
          ),
        `no reminder for ${startsAt} became ${state}`,
      ),
    /** Runs the job that sends what is due, now. The clock may be at it: then it is being done. */
    sendReminders: async (): Promise<void> => {
      const param = { name: 'send_reminders' };
      const run = await unless(admin.admin.jobs[':name'].run.$post({ param }), 'job_running');
      if (run !== null && run.outcome !== 'succeeded') throw new Error(`the job ended as ${run.outcome}`);
    },
    /** The reminders that were mailed to somebody. */
    mailed: async (to: string): Promise<readonly Mail[]> => {
      const { items } = (await (await read()).json()) as { items: Mail[] };
      return items.filter((mail) => mail.to === to && mail.kind === 'reminder');
    },
  };
};

/** Has somebody reminded of appointments at given times, all at one instant, whatever hour it is. */
export const remindAt = (api: Api, dueMs: number, ...startsAt: readonly string[]) =>
  answered(
    api.users.me['notification-preferences'].$put({
      json: {
        quietHours: null,
        reminderMinutes: startsAt.map((instant) => (Date.parse(instant) - dueMs) / minuteMs),
      },
    }),
  );
