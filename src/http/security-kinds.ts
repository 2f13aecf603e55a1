/** What has happened, and how much it matters: `alert` is what somebody should be woken for, by default. */
const kinds = {
  /** A wrong password, an unknown account, a wrong code. */
  'auth.failed': 'notice',
  /** So many failures that an account or an address has to wait. */
  'auth.locked': 'alert',
  /** A second factor that was wrong. */
  'auth.second_factor_failed': 'notice',
  /** A second factor was taken away, or recovery codes were used. */
  'auth.second_factor_changed': 'notice',
  'password.changed': 'notice',
  'password.reset': 'notice',
  /** An access token that is not ours, has run out, or belongs to a session that was ended. */
  'token.refused': 'notice',
  /** A refresh token that was used before: somebody has a copy. */
  'token.reuse': 'alert',
  'session.ended': 'notice',
  /** Somebody who is signed in asked for what is not theirs to ask for. */
  'access.denied': 'notice',
  /** A doctor read a record without a relation to the patient, and said why. */
  breakglass: 'alert',
  /** A request in a browser's name that did not come from our pages. */
  csrf: 'alert',
  'rate.limited': 'notice',
  'role.changed': 'alert',
  'account.deactivated': 'notice',
  'account.erased': 'alert',
  'account.exported': 'notice',
  /** The audit does not verify. */
  'audit.broken': 'alert',
  /** A job that runs by the clock failed: a nightly one once, one of every few minutes again and again. */
  'job.failed': 'alert',
  /** D1 shows an appointment otherwise than the day that decides. */
  'projection.drift': 'alert',
} as const satisfies Record<string, 'notice' | 'alert'>;

/** The kinds of security events. */
export type SecurityEventKind = keyof typeof kinds;

/** Every kind, for settings and documentation. */
export const securityEventKinds = Object.keys(kinds) as SecurityEventKind[];

/** The kinds that alert unless the settings say otherwise. */
export const alertingKinds = securityEventKinds.filter((kind) => kinds[kind] === 'alert');
