/** How guesses of one kind are slowed down. */
interface Limits {
  /** Failures that cost nothing yet: people mistype. */
  readonly free: number;
  /** The wait after one more, ms; it doubles with each. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** After so long without a try everything is forgotten, ms. */
  readonly forgottenAfterMs: number;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * What is counted: an e-mail address (whether or not it has an account), one known device of its owner, a network
 * address across all accounts, and second factors of an account.
 */
export const throttles = {
  account: { free: 5, firstWaitMs: 30 * second, longestWaitMs: 15 * minute, forgottenAfterMs: 24 * hour },
  device: { free: 5, firstWaitMs: 30 * second, longestWaitMs: 15 * minute, forgottenAfterMs: 24 * hour },
  address: { free: 30, firstWaitMs: 10 * second, longestWaitMs: 15 * minute, forgottenAfterMs: hour },
  second_factor: { free: 5, firstWaitMs: minute, longestWaitMs: hour, forgottenAfterMs: 24 * hour },
} as const satisfies Record<string, Limits>;

export type ThrottleKind = keyof typeof throttles;

/** How often an owner is told that somebody is guessing, ms. */
const toldEveryMs = 6 * hour;

/** What is known of the tries so far. */
export interface Tries {
  readonly failures: number;
  readonly lastAtMs: number;
  readonly toldAtMs: number | null;
}

export const noTries: Tries = { failures: 0, lastAtMs: 0, toldAtMs: null };

/** Whether a try may be made. */
export type Attempt =
  | {
      readonly allowed: true;
      /** Whether, if it fails, the next one has to wait and the owner is to be told. */
      readonly tell: boolean;
    }
  | { readonly allowed: false; readonly waitMs: number };

/** What must pass after so many failures before the next try, ms. */
const waitAfter = (kind: ThrottleKind, failures: number): number => {
  const { free, firstWaitMs, longestWaitMs } = throttles[kind];
  return failures < free ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - free));
};

/**
 * Decides a try and counts it as failed, before it is known whether it is: of many at once, no more get through than
 * one after the other would. {@link forgiven} takes it back. A try that has to wait is not looked at, whatever it
 * brings, and does not make the wait longer.
 */
export const attempt = (kind: ThrottleKind, before: Tries, nowMs: number): { tries: Tries; attempt: Attempt } => {
  const tries = nowMs - before.lastAtMs > throttles[kind].forgottenAfterMs ? noTries : before;
  const waitMs = tries.lastAtMs + waitAfter(kind, tries.failures) - nowMs;
  if (waitMs > 0) return { tries, attempt: { allowed: false, waitMs } };
  const failures = tries.failures + 1;
  const waits = waitAfter(kind, failures) > 0;
  const tell = waits && (tries.toldAtMs === null || nowMs - tries.toldAtMs >= toldEveryMs);
  return {
    tries: { failures, lastAtMs: nowMs, toldAtMs: tell ? nowMs : tries.toldAtMs },
    attempt: { allowed: true, tell },
  };
};

/**
 * A try was right after all. It clears an account, a device, a second factor; of an address it takes back only itself,
 * or who has one account could guess at all others.
 */
export const forgiven = (kind: ThrottleKind, tries: Tries): Tries =>
  kind === 'address' ? { ...tries, failures: Math.max(0, tries.failures - 1) } : noTries;
