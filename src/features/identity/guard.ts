import type { Ending, TokenOrigin } from '../../domain/ended-tokens.ts';
import { settingsOf } from '../../env.ts';
import { describeError, report } from '../../http/log.ts';
import type { GuardRegion } from '../../http/session-settings.ts';

/** Guards a region has. Another number would let what was ended in the last minutes pass: deploy it at a quiet time. */
const shards = 4;
const attempts = 2;

/** The guards' RPC. */
interface GuardRpc {
  isEnded(token: TokenOrigin): Promise<boolean>;
  end(endings: readonly Ending[]): Promise<void>;
}

/** Where guards stand that are near to a continent, nearest first. */
const near: Readonly<Record<string, readonly GuardRegion[]>> = {
  NA: ['enam', 'wnam', 'sam'],
  SA: ['sam', 'enam', 'wnam'],
  EU: ['weur', 'eeur'],
  AS: ['apac', 'me', 'oc'],
  AF: ['afr', 'weur', 'me'],
  OC: ['oc', 'apac'],
};
/** North America is wide: west of this longitude its west coast is nearer. */
const westOfLongitude = -100;

/** The region whose guards a request asks, of those that there are. */
const regionOf = (request: Request, regions: readonly GuardRegion[]): GuardRegion => {
  const cf = (request.cf ?? {}) as { continent?: unknown; longitude?: unknown };
  const continent = typeof cf.continent === 'string' ? cf.continent : '';
  const isWest = continent === 'NA' && Number(cf.longitude) < westOfLongitude;
  const wanted = [...(isWest ? (['wnam'] as const) : []), ...(near[continent] ?? [])];
  return wanted.find((region) => regions.includes(region)) ?? (regions[0] as GuardRegion);
};

/** The only door to the guards of sessions: Durable Objects, a few for each region, an account always with the same. */
const guardOf = (env: Env, region: GuardRegion, accountId: string): GuardRpc =>
  env.SESSION_GUARD.getByName(`${region}/${shardOf(accountId)}`, { locationHint: region }) as unknown as GuardRpc;

/** FNV-1a: spreads accounts evenly and costs nothing. */
const shardOf = (accountId: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < accountId.length; i += 1) hash = Math.imul(hash ^ accountId.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % shards;
};

/** Whether an access token was ended before its time. `null` when the guard does not answer: then nobody knows. */
export const askGuard = async (env: Env, request: Request, token: TokenOrigin): Promise<boolean | null> => {
  try {
    return await guardOf(env, regionOf(request, settingsOf(env).sessionRegions), token.accountId).isEnded(token);
  } catch (error) {
    report('session_guard_unreachable', describeError(error));
    return null;
  }
};

/** Tells the guards of all regions what has ended for an account. Whether every one of them has taken it. */
export const tellGuards = async (env: Env, accountId: string, endings: readonly Ending[]): Promise<boolean> => {
  const told = settingsOf(env).sessionRegions.map(async (region) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await guardOf(env, region, accountId).end(endings);
        return true;
      } catch (error) {
        if (attempt < attempts) continue;
        report('session_guard_not_told', { region, ...describeError(error) });
        return false;
      }
    }
  });
  return (await Promise.all(told)).every((taken) => taken);
};
