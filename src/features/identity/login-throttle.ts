import { refusal } from '../../domain/refusal.ts';
import type { Attempt, ThrottleKind } from '../../domain/throttle.ts';
import type { Settings } from '../../env.ts';
import { describeError, report } from '../../http/log.ts';
import { RefusalException } from '../../http/problem.ts';
import { keyedHash } from './keyed-hash.ts';

/** One thing that tries are counted of. */
export interface Counted {
  /** See `attempt` in src/domain/throttle.ts. Throws `temporarily_unavailable` out of reach: nobody guesses meanwhile. */
  attempt(): Promise<Attempt>;
  /** The last try was right. */
  forgive(): Promise<void>;
}

/**
 * The count of tries at something: of an e-mail address, a device, a network address, an account's second factors. It
 * is asked alike for addresses that have an account and for those that have none.
 */
export const triesAt = async (
  env: Env,
  settings: Settings,
  kind: ThrottleKind,
  ...of: readonly string[]
): Promise<Counted> => {
  const name = await keyedHash(settings.dataKey, `throttle ${kind}`, ...of);
  const object = env.LOGIN_THROTTLE.getByName(name);
  return {
    attempt: async () => {
      try {
        return await object.attempt(kind);
      } catch (error) {
        report('throttle_unreachable', { kind, ...describeError(error) });
        throw new RefusalException(refusal('temporarily_unavailable'));
      }
    },
    forgive: async () => object.forgive(kind),
  };
};
