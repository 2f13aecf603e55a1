import type { Principal } from '../domain/access.ts';
import type { RefusalCode } from '../domain/refusal.ts';
import type { Settings } from '../env.ts';
import type { RateState } from './rate-limit.ts';

/** What an access token says of the session that it belongs to. */
export interface SessionClaims {
  readonly id: string;
  /** When the token was signed, ms since the epoch. */
  readonly issuedAtMs: number;
  /** The patient's own data key, wrapped by the master key; `null` for an account that has none. */
  readonly dataKey: string | null;
  /** Whether the owner has proved to read mail to the account's address. */
  readonly isVerified: boolean;
  /** Whether the account must set up a second factor before anything else. */
  readonly mustEnrol: boolean;
}

/** What the middleware puts on every request. `principal` and `session` are set on routes that require signing in. */
export interface Variables {
  requestId: string;
  settings: Settings;
  principal: Principal;
  session: SessionClaims;
  /** The limits that the request has counted against so far. */
  rates?: readonly RateState[];
  /** The code of the refusal that answers the request. */
  refused?: RefusalCode;
}

/** The Hono environment of every route. */
export interface AppEnv {
  Bindings: Env;
  Variables: Variables;
}
