import type { Principal } from '../domain/access.ts';
import type { Settings } from '../env.ts';

/** What the middleware puts on every request. `principal` is set on routes that require signing in. */
export interface Variables {
  requestId: string;
  settings: Settings;
  principal: Principal;
}

/** The Hono environment of every route. */
export interface AppEnv {
  Bindings: Env;
  Variables: Variables;
}
