/** Ways to a person. `in_app` is the account's own list; the others leave Daybook. */
export const channels = ['email', 'push', 'sms', 'in_app'] as const;
export type Channel = (typeof channels)[number];

/** As whom somebody is told. The patient's side is the patient or, for a dependant, the guardian. */
export const audiences = ['patient', 'doctor'] as const;
export type Audience = (typeof audiences)[number];

/** What is known of a kind of notification. */
interface KindRule {
  /** By what ways each audience is told unless they say otherwise, the most preferred first; nobody else is told. */
  readonly to: Readonly<Partial<Record<Audience, readonly Channel[]>>>;
  /** Whether a person may switch it off. */
  readonly optional: boolean;
  /** They are told by all the ways that reach them, and not by the first. */
  readonly byEveryWay?: boolean;
}

const everywhere = ['email', 'push', 'sms', 'in_app'] as const;
const quietly = ['in_app'] as const;

/** Every kind of notification: whom it concerns, how they are told by default, and whether it can be switched off. */
export const kindRules = {
  /** Somebody else holds a seat for the patient. */
  held: { to: { patient: everywhere }, optional: true },
  /** A seat that the patient waits for is kept for them, for as many minutes as the row's offset says. */
  waitlist_offer: { to: { patient: everywhere }, optional: true },
  confirmed: { to: { patient: everywhere, doctor: everywhere }, optional: true },
  /** Somebody comes to the doctor as an emergency: told by every way at once. */
  emergency: { to: { doctor: everywhere }, optional: true, byEveryWay: true },
  /** The doctor is asked to accept. */
  requested: { to: { patient: everywhere, doctor: everywhere }, optional: true },
  accepted: { to: { patient: everywhere, doctor: everywhere }, optional: true },
  rejected: { to: { patient: everywhere, doctor: everywhere }, optional: true },
  rescheduled: { to: { patient: everywhere, doctor: everywhere }, optional: true },
  /** To the doctor whom an appointment has left for another doctor. */
  moved_away: { to: { doctor: everywhere }, optional: true },
  cancelled: { to: { patient: everywhere, doctor: everywhere }, optional: true },
  /** A request that the doctor did not answer in time. */
  expired: { to: { patient: everywhere, doctor: everywhere }, optional: true },
  /** The schedule no longer offers the time of an appointment. */
  outside_schedule: { to: { doctor: everywhere }, optional: true },
  completed: { to: { patient: quietly }, optional: true },
  no_show: { to: { patient: everywhere }, optional: true },
  /** The doctor is away at the time of an appointment, and the patient is asked to choose another. */
  rebook: { to: { patient: everywhere }, optional: true },
  /** The doctor is late by as many minutes as the row's offset says. */
  running_late: { to: { patient: everywhere }, optional: true },
  /** The patient is called in from the waiting room. */
  your_turn: { to: { patient: ['push', 'in_app'] }, optional: true },
  /** The doctor proposes another visit. */
  follow_up: { to: { patient: everywhere }, optional: true },
  /** There is a prescription from a visit. */
  prescribed: { to: { patient: everywhere }, optional: true },
  /** A pharmacy has dispensed it: who did not fetch it should know. */
  prescription_dispensed: { to: { patient: ['push', 'in_app'] }, optional: true },
  /** The fee has come. The news that it confirms is told besides. */
  payment_received: { to: { patient: ['email', 'in_app'] }, optional: true },
  /** Money is on its way back. */
  refunded: { to: { patient: everywhere }, optional: true },
  /** A patient has given the doctor a document to read. */
  document_shared: { to: { doctor: quietly }, optional: true },
  reminder: { to: { patient: everywhere, doctor: ['push', 'in_app'] }, optional: true },
  /** A doctor's list of tomorrow, at 09:00. */
  digest: { to: { doctor: ['email', 'in_app'] }, optional: true },
  /** Passwords, sign-ins, devices. They are sent by what they tell of, without the ledger, and always. */
  security: { to: { patient: ['email'], doctor: ['email'] }, optional: false },
} as const satisfies Record<string, KindRule>;

export type NotificationKind = keyof typeof kindRules;

/** Every kind, for tables and schemas. */
export const notificationKinds = Object.keys(kindRules) as [NotificationKind, ...NotificationKind[]];

/** The ways by which an audience is told of a kind by default, the most preferred first; none for who is not told. */
export const defaultChannels = (kind: NotificationKind, audience: Audience): readonly Channel[] => {
  const { to }: KindRule = kindRules[kind];
  return to[audience] ?? [];
};

/** Whether a kind is told by every way that reaches somebody. */
export const isByEveryWay = (kind: NotificationKind): boolean => (kindRules[kind] as KindRule).byEveryWay === true;

/** The kinds that an audience is ever told of. */
export const kindsFor = (audience: Audience): NotificationKind[] =>
  notificationKinds.filter((kind) => defaultChannels(kind, audience).length > 0);

/** What becomes of a row of the ledger: each way forward is one of `scheduled → claimed → sent → delivered`. */
export const ledgerStates = ['scheduled', 'claimed', 'sent', 'delivered', 'failed', 'suppressed'] as const;
export type LedgerState = (typeof ledgerStates)[number];

/** Why somebody is not told, or could not be. */
export const ledgerReasons = [
  /** The appointment is at another time now; the new time has rows of its own. */
  'moved',
  /** The appointment is off: cancelled, rejected, run out or over. */
  'cancelled',
  /** What was to be told is not so any more, and what came after it is told. */
  'superseded',
  /** The appointment was made when the time to remind of it had passed. */
  'booked_late',
  /** An outage kept it until it was of no use. */
  'too_late',
  /** It could not go before the quiet hours, and is of no use after them. */
  'quiet_hours',
  /** The person does not want it, or not by this way. */
  'switched_off',
  /** The person has no such address, or no account any more. */
  'unreachable',
  /** There is nothing in the digest. */
  'nothing_to_tell',
  /** The way did not take it, after every attempt. */
  'given_up',
] as const;
export type LedgerReason = (typeof ledgerReasons)[number];
