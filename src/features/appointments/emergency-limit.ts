import { type Refusal, refusal } from '../../domain/refusal.ts';
import { type Result, refused } from '../../domain/result.ts';
import { settingsOf } from '../../env.ts';
import { describeError, report } from '../../http/log.ts';

const periodMs = 30 * 86_400_000;

/**
 * Takes one emergency out of those that a patient may have in 30 days, counted exactly across all doctors, and gives it
 * back when it comes to nothing. Refuses with `emergency_limit`. Out of reach, the counter turns nobody away.
 *
 * @param name the same for a repeat of the same request, which is one emergency and not another
 */
export const countedEmergency = async <T>(
  env: Env,
  patientId: string,
  name: string,
  hold: () => Promise<Result<T, Refusal>>,
): Promise<Result<T, Refusal>> => {
  const counter = env.RATE_COUNTER.getByName(`emergency:${patientId}`);
  const taken = await reached<{ ok: boolean; isNew: boolean }>(() =>
    counter.takeOnce(name, settingsOf(env).maxEmergencies, periodMs),
  );
  if (taken?.ok === false) return refused(refusal('emergency_limit'));
  const result = await hold();
  // What is not known to have come to nothing counts.
  const isNothing = !result.ok && result.refusal.code !== 'temporarily_unavailable';
  if (isNothing && taken?.isNew) await reached<void>(() => counter.giveBack(name));
  return result;
};

const reached = async <T>(ask: () => PromiseLike<T>): Promise<T | null> => {
  try {
    return await ask();
  } catch (error) {
    report('emergencies_not_counted', describeError(error));
    return null;
  }
};
