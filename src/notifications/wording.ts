import { and, asc, eq, gte, lt } from 'drizzle-orm';
import { inviteOf } from '../calendar/invite.ts';
import { organizerOf } from '../calendar/organizer.ts';
import type { Database } from '../db/client.ts';
import { appointments, type notifications } from '../db/schema.ts';
import { localDateOfDayNumber } from '../domain/local-date.ts';
import { initialsOf } from '../domain/names.ts';
import type { NotificationKind } from '../domain/notifications/kinds.ts';
import type { Settings } from '../env.ts';
import type { Message } from '../messages/message.ts';
import { namesOf } from '../patients/names.ts';
import type { Addressee } from './addressees.ts';
import { asTold, isSecondPaymentOf, lateMinutesOf, offeredUntilMsOf } from './as-told.ts';
import { answeredAt, clinicAddresses } from './reply-to.ts';
import type { Seen } from './truths.ts';
import { unsubscribeHeaders, unsubscribeUrl } from './unsubscribe.ts';
import type { Entry, WordFacts } from './words/facts.ts';
import { render } from './words/render.ts';

type LedgerRow = typeof notifications.$inferSelect;
type Without<T, Names extends string> = T extends unknown ? Omit<T, Names> : never;

/** A message without what the ledger adds to it. */
export type Written = Without<Message, 'accountId' | 'kind' | 'expiresAtMs'>;

/** The confirmed appointments of a doctor's day, at least one. */
export interface Digest {
  readonly day: readonly (typeof appointments.$inferSelect)[];
}

type Shown = Pick<Seen, 'id' | 'doctorId' | 'patientId' | 'clinicId' | 'startsAtMs' | 'endsAtMs' | 'timeZone' | 'mode'>;

/** What a row tells of: an appointment as it is, or a day of them. */
export interface ToWrite {
  readonly row: LedgerRow;
  readonly addressee: Addressee;
  readonly about: Seen | Digest;
}

const longestDayMs = 26 * 3_600_000;
/** Appointments that a digest names. */
const maxEntries = 100;

/** What is in the digests among some rows, by row; one without appointments is not among them. */
export const digestsOf = async (db: Database, rows: readonly LedgerRow[]): Promise<ReadonlyMap<string, Digest>> => {
  const found = await Promise.all(
    rows
      .filter(({ kind }) => kind === 'digest')
      .map(async ({ id, recipientId, version, startsAtMs }) => {
        const day = await db
          .select()
          .from(appointments)
          .where(
            and(
              eq(appointments.doctorId, recipientId),
              gte(appointments.startsAtMs, startsAtMs),
              lt(appointments.startsAtMs, startsAtMs + longestDayMs),
              eq(appointments.date, localDateOfDayNumber(version)),
              eq(appointments.status, 'confirmed'),
            ),
          )
          .orderBy(asc(appointments.startsAtMs), asc(appointments.id))
          .limit(maxEntries);
        return [id, { day }] as const;
      }),
  );
  return new Map(found.filter(([, { day }]) => day.length > 0));
};

/** What rows say to those who are told, by row. */
export const wordingOf = async (
  db: Database,
  settings: Settings,
  given: readonly ToWrite[],
  nowMs: number,
): Promise<ReadonlyMap<string, Written>> => {
  const shown = given.flatMap(({ about }): readonly Shown[] => ('day' in about ? about.day : [about]));
  const ids = shown.flatMap(({ doctorId, patientId, clinicId }) => [doctorId, patientId, clinicId]);
  const told = given.flatMap(({ row }) => [row.doctorId, row.clinicId]);
  const names = await namesOf(db, [...ids, ...told]);
  const desks = await clinicAddresses(
    db,
    given.map(({ row }) => row),
  );
  const written = await Promise.all(
    given.map(async (one) => {
      const desk = desks.get(one.row.clinicId);
      return [one.row.id, answeredAt(await messageOf(settings, names, one, nowMs), desk)] as const;
    }),
  );
  return new Map(written.flatMap(([id, message]) => (message === null ? [] : [[id, message]])));
};

type Names = ReadonlyMap<string, string>;

const messageOf = async (
  settings: Settings,
  names: Names,
  { row, addressee, about }: ToWrite,
  nowMs: number,
): Promise<Written | null> => {
  const { kind, channel, audience } = row;
  const first: Shown | undefined = 'day' in about ? about.day[0] : about;
  if (first === undefined || channel === 'in_app') return null;
  // News of a move that another has overtaken is not told; what is told is how it was then.
  const then = kind === 'digest' ? first : asTold(row, first);
  const { startsAtMs, endsAtMs, timeZone, mode } = then;
  const link = channel === 'email' ? await unsubscribeUrl(settings, { accountId: addressee.id, kind }) : null;
  const nameOf = (id: string | null): string | null => (id === null ? null : (names.get(id) ?? null));
  const facts: WordFacts = {
    appointment: { id: first.id, startsAtMs, endsAtMs, timeZone, mode },
    doctorName: nameOf(then.doctorId) ?? addressee.fullName,
    clinicName: nameOf(then.clinicId),
    patientName: nameOf(first.patientId),
    audience,
    appUrl: settings.appUrl,
    unsubscribeUrl: link,
    previousStartsAtMs: row.previousStartsAtMs,
    previousTimeZone: row.previousTimeZone,
    by: row.causedBy,
    lateMinutes: lateMinutesOf(row),
    offeredUntilMs: offeredUntilMsOf(row),
    isSecondPayment: isSecondPaymentOf(row),
    ...('day' in about ? { day: about.day.map((entry): Entry => entryOf(entry, nameOf)) } : {}),
  };
  const { subject, text, html } = render(kind, facts, { locale: addressee.preferences.locale, channel });
  switch (channel) {
    case 'sms':
      return addressee.phone === null ? null : { channel, to: addressee.phone, text };
    case 'push':
      return { channel, to: addressee.id, subject, text, link: linkOf(settings, row) };
    case 'email': {
      const calendar = 'day' in about ? null : await invitationOf(settings, facts, { row, addressee, about }, nowMs);
      return {
        ...{ channel, to: addressee.email, subject, text },
        ...(html === null ? {} : { html }),
        ...(link === null ? {} : { headers: unsubscribeHeaders(link) }),
        ...(calendar === null ? {} : { calendar }),
      };
    }
  }
};

const entryOf = (entry: Shown, nameOf: (id: string | null) => string | null): Entry => {
  const { startsAtMs, endsAtMs, timeZone, mode, clinicId, patientId } = entry;
  return { startsAtMs, endsAtMs, timeZone, mode, clinicName: nameOf(clinicId), patientName: nameOf(patientId) };
};

const linkOf = ({ appUrl }: Settings, { kind, subjectId }: LedgerRow): string =>
  kind === 'digest' ? `${appUrl}/day` : `${appUrl}/appointments/${subjectId}`;

/** The kinds whose mail changes the calendar of who gets it. */
const inCalendars: ReadonlySet<NotificationKind> = new Set([
  ...(['confirmed', 'accepted', 'rescheduled', 'moved_away', 'cancelled', 'rejected', 'expired'] as const),
]);

const invitationOf = async (
  settings: Settings,
  facts: WordFacts,
  { row, addressee, about }: ToWrite & { readonly about: Seen },
  nowMs: number,
) => {
  if (!inCalendars.has(row.kind)) return null;
  const { doctorName, patientName, clinicName, audience } = facts;
  return inviteOf({
    // Out of the calendar of the doctor whom it has left.
    appointment: {
      ...about,
      ...facts.appointment,
      // The time is that of the version that is told of, and so is its place among the others.
      version: row.startsAtMs === about.startsAtMs ? about.version : row.version,
      ...(row.kind === 'moved_away' ? { status: 'cancelled' as const } : {}),
    },
    ...{ doctorName, clinicName, audience },
    // As in the mail itself, which passes through many hands.
    patientName: patientName === null ? null : initialsOf(patientName),
    organizer: await organizerOf(settings, { appointmentId: row.subjectId, accountId: addressee.id }, clinicName),
    attendee: { name: addressee.fullName, address: addressee.email },
    nowMs,
  });
};
