/** How long an access token is good for, ms. */
export const accessTokenTtlMs = 15 * 60_000;

/** How far the clocks of two machines may be apart, ms. */
export const clockSkewMs = 60_000;

/** After a subject's access tokens were ended, none of them can be good any more once this has passed, ms. */
export const endingKeptMs = accessTokenTtlMs + clockSkewMs;

/** Access tokens that are good no more, though their time is not up. */
export interface Ending {
  /** The id of an account or of a session. */
  readonly subject: string;
  /** Those issued up to then, ms since the epoch; `null`: all that there are, since the session is over. */
  readonly issuedUntilMs: number | null;
}

/** What an ending needs to know of a token. */
export interface TokenOrigin {
  readonly accountId: string;
  readonly sessionId: string;
  /** ms since the epoch. */
  readonly issuedAtMs: number;
}

/** Whether a token was ended, by its account or by its session. What nobody has ended is good. */
export const isEnded = (endings: ReadonlyMap<string, Ending>, token: TokenOrigin): boolean =>
  [token.accountId, token.sessionId].some((subject) => {
    const ending = endings.get(subject);
    return ending !== undefined && (ending.issuedUntilMs === null || token.issuedAtMs <= ending.issuedUntilMs);
  });

/** Both endings of one subject at once: the one that ends more tokens. */
export const laterOf = (known: Ending | undefined, told: Ending): Ending => {
  if (known === undefined || told.issuedUntilMs === null) return told;
  if (known.issuedUntilMs === null) return known;
  return known.issuedUntilMs >= told.issuedUntilMs ? known : told;
};
