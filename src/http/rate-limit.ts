import type { Context, MiddlewareHandler } from 'hono';
import { refusal } from '../domain/refusal.ts';
import { callerOf, clientAddress, hashedAddress } from './address.ts';
import type { AppEnv } from './context.ts';
import type { Rate, Rates } from './edge-settings.ts';
import { describeError, report, routeTemplate } from './log.ts';
import { RefusalException } from './problem.ts';
import { classesOf } from './rate-classes.ts';
import { RateWindows, type Standing } from './rate-windows.ts';
import { securityEvent } from './security-event.ts';

/** One limit and how the caller stands to it, for the headers of the answer. */
export interface RateState extends Standing {
  readonly name: keyof Rates;
  readonly rate: Rate;
}

/** What guards passwords and diaries is counted in one place for all locations; the rest per isolate and location. */
const countedInOnePlace = new Set<keyof Rates>(['auth', 'hold']);
/** So many in a period are no limit worth a message to count. */
const maxCountedInOnePlace = 1_000;
/** The period of LOCATION_LIMIT in wrangler.toml, seconds. */
const locationSeconds = 60;

/** Callers of this isolate. */
export const windows = new RateWindows();

/** Counts every request against the limit of its address. Refuses with `rate_limited`. */
export const addressLimits: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { rateLimits } = c.get('settings');
  if (rateLimits !== null) {
    const { address } = classesOf(c.req.method, routeTemplate(c));
    await spend(c, address, rateLimits[address], callerOf(clientAddress(c)));
  }
  return next();
};

/**
 * Counts a request against the limit of its account, once it is known who asks. Holds of patients have a limit of their
 * own: over the life of a hold, so that nobody keeps more slots from others than the settings say, with however many
 * doctors. Throws `rate_limited`.
 */
export const limitAccount = async (c: Context<AppEnv>): Promise<void> => {
  const { rateLimits } = c.get('settings');
  if (rateLimits === null) return;
  const { id, role } = c.get('principal');
  const { account } = classesOf(c.req.method, routeTemplate(c));
  const name = account === 'hold' && role !== 'patient' ? 'booking' : account;
  await spend(c, name, rateLimits[name], id);
};

/**
 * Counts a fetch of a calendar feed, by the feed and not by its owner: whoever has an address must not be able to lock
 * the owner out of the API. Throws `rate_limited`.
 */
export const limitFeed = async (c: Context<AppEnv>, feedId: string): Promise<void> => {
  const { rateLimits } = c.get('settings');
  if (rateLimits !== null) await spend(c, 'feed', rateLimits.feed, feedId);
};

const spend = async (c: Context<AppEnv>, name: keyof Rates, rate: Rate, caller: string): Promise<void> => {
  const near = windows.count(`${name}|${caller}`, rate, Date.now());
  const standing = near.ok ? await further(c, name, rate, caller, near) : near;
  c.set('rates', [...(c.get('rates') ?? []), { ...standing, name, rate }]);
  if (standing.ok) return;
  if (standing.isFirstRefusal) securityEvent(c, 'rate.limited', { reason: name });
  throw new RefusalException(refusal('rate_limited'));
};

/** How a caller stands beyond this isolate. Out of reach, it is no reason to turn anybody away. */
const further = async (
  c: Context<AppEnv>,
  name: keyof Rates,
  rate: Rate,
  caller: string,
  near: Standing,
): Promise<Standing> => {
  try {
    if (countedInOnePlace.has(name) && rate.limit <= maxCountedInOnePlace) {
      const who = name === 'auth' ? hashedAddress(c) : caller;
      const { ok, remaining, resetMs } = await c.env.RATE_COUNTER.getByName(`${name}:${who}`).take(
        rate.limit,
        rate.seconds * 1000,
      );
      const resetSeconds = Math.max(1, Math.ceil(resetMs / 1000));
      // The refused ones after the first are told of by nobody: the windows of isolates differ.
      return { ok, remaining: Math.min(near.remaining, remaining), resetSeconds, isFirstRefusal: !ok };
    }
    const { success } = await c.env.LOCATION_LIMIT.limit({ key: `${name}|${caller}` });
    if (success) return near;
    const resetSeconds = locationSeconds - (Math.floor(Date.now() / 1000) % locationSeconds);
    return { ok: false, remaining: 0, resetSeconds, isFirstRefusal: false };
  } catch (error) {
    report('rate_limit_unreachable', describeError(error));
    return near;
  }
};

/** The headers that say how a caller stands (draft-ietf-httpapi-ratelimit-headers-10), and when to come back. */
export const rateHeaders = (states: readonly RateState[]): [name: string, value: string][] => {
  if (states.length === 0) return [];
  const refused = states.find(({ ok }) => !ok);
  return [
    ['ratelimit-policy', states.map(({ name, rate }) => `"${name}";q=${rate.limit};w=${rate.seconds}`).join(', ')],
    ['ratelimit', states.map((state) => `"${state.name}";r=${state.remaining};t=${state.resetSeconds}`).join(', ')],
    ...(refused === undefined ? [] : [['retry-after', String(refused.resetSeconds)] as [string, string]]),
  ];
};
