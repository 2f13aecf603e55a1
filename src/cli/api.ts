import { type ClientResponse, hc } from 'hono/client';
import type { Api } from '../app.ts';

/** Hono's typed client of the API at an address, speaking for the bearer of a token, or for nobody. */
export const apiOf = (url: string, token?: string) =>
  hc<Api>(`${url}/api/v1`, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });

/** The access token of a session that was asked for without cookies. */
export const accessTokenOf = (session: { readonly accessToken: string } | object): string => {
  if ('accessToken' in session) return session.accessToken;
  throw new Error('the session came as cookies');
};

type Asked = Promise<ClientResponse<unknown, number, string>>;
type BodyOf<A extends Asked> =
  Awaited<A> extends infer R ? (R extends ClientResponse<infer Body, 200 | 201, string> ? Body : never) : never;

/** The body of a success. Throws with the refusal's code and sentence for anything else. */
export const answered = async <A extends Asked>(asked: A): Promise<BodyOf<A>> => {
  const response = await asked;
  if (response.ok) return (await response.json()) as BodyOf<A>;
  const { status } = response;
  const problem = (await response.json().catch(() => ({}))) as { code?: string; title?: string; errors?: unknown };
  throw new Refused(
    status,
    problem.code ?? 'unknown',
    `${problem.title ?? ''} ${problem.errors === undefined ? '' : JSON.stringify(problem.errors)}`,
  );
};

/** A refusal of the API, thrown where a command had counted on a success. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, sentence: string) {
    super(`${status} ${code}: ${sentence.trim()}`);
    this.status = status;
    this.code = code;
  }
}

/** The body of a success, or `null` for one of the given refusals. */
export const unless = async <A extends Asked>(asked: A, ...codes: readonly string[]): Promise<BodyOf<A> | null> => {
  try {
    return await answered(asked);
  } catch (error) {
    if (error instanceof Refused && codes.includes(error.code)) return null;
    throw error;
  }
};
