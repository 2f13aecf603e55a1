import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';
import { type Settings, SettingsError } from '../env.ts';
import type { AppEnv } from './context.ts';

/**
 * The template of the route that a request matched (`/api/v1/doctors/:id`, or `/reference/*` for files); never its path,
 * which may hold anything.
 */
export const routeTemplate = (c: Context<AppEnv>): string => {
  const matched = matchedRoutes(c);
  const route = matched.find(({ method }) => method !== 'ALL') ?? matched.findLast(({ path }) => path !== '/*');
  return route?.path ?? '(no such route)';
};

/**
 * Writes one line for a request that has been answered: readable in development, JSON in production, nothing in tests.
 * It names the route's template and never the path, so that ids, and whatever else stands in an address, stay out of
 * the logs.
 *
 * @param durationMs time from the arrival of the request to its answer
 */
export const logLine = (c: Context<AppEnv>, durationMs: number): void => {
  // Absent when the settings are not valid, which is when the line is wanted most.
  const environment = (c.get('settings') as Settings | undefined)?.environment ?? 'production';
  if (environment === 'test') return;
  const { method } = c.req;
  const { status } = c.res;
  const route = routeTemplate(c);
  if (environment === 'development') {
    console.log(`${new Date().toISOString().slice(11, 19)} ${method} ${route} ${status} ${durationMs} ms`);
    return;
  }
  // Absent on routes without signing in, whatever the type says.
  const role = (c.get('principal') as { role: string } | undefined)?.role ?? null;
  const level = status >= 500 ? 'error' : 'info';
  const code = c.get('refused') ?? null;
  const line = {
    level,
    stream: 'requests',
    requestId: c.get('requestId'),
    method,
    route,
    status,
    code,
    durationMs,
    role,
  };
  console.log(JSON.stringify(line));
};

/**
 * An error as an operator may read it: its name and where it was thrown. Never its message: a query's error quotes the
 * query's parameters, and those may be a person's. Wrong settings alone are named: their message is made for it.
 */
export const describeError = (
  error: unknown,
): { readonly error: string; readonly why?: string; readonly at: readonly string[] } => {
  if (!(error instanceof Error)) return { error: 'unknown', at: [] };
  if (error instanceof SettingsError) return { error: error.name, why: error.message, at: [] };
  const isPlace = (line: string): boolean => /^\s+at /.test(line);
  return {
    error: error.name,
    at: (error.stack ?? '')
      .split('\n')
      .filter(isPlace)
      .slice(0, 3)
      .map((line) => line.trim()),
  };
};

/** Tells an operator of something that went wrong behind an answer: one JSON line, ids only, never patient data. */
export const report = (what: string, detail: Record<string, unknown>): void => {
  console.error(JSON.stringify({ level: 'error', what, ...detail }));
};
