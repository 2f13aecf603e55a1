/** The server of Cloudflare that takes mail in for Email Workers, as it signs what it has checked. */
const receiver = 'mx.cloudflare.net';

/** A header of a mail, as it came. */
export interface MailHeader {
  /** In lower case. */
  readonly key: string;
  readonly value: string;
}

/**
 * Whether a mail truly comes from the domain that its From names: by the DMARC result (RFC 7489) that Cloudflare has put
 * on top of it in `Authentication-Results` (RFC 8601). Only the first such header is read, for whatever the sender wrote
 * stands below; it must be Cloudflare's, hold one DMARC result and no other, that it passed, for this very domain.
 * Anything else, also no such header, is no.
 */
export const isAuthentic = (headers: readonly MailHeader[], from: string): boolean => {
  const stamped = headers.find(({ key }) => key === 'authentication-results');
  if (stamped === undefined) return false;
  const [server = '', ...results] = plain(stamped.value).split(';');
  if (server.trim().toLowerCase() !== receiver) return false;
  const dmarc = results.map((result) => result.trim().toLowerCase()).filter((result) => /^dmarc\b/.test(result));
  const [only = ''] = dmarc;
  const [, domain] = /^dmarc=pass(?=\s)[^=]*?\bheader\.from=([a-z0-9.-]+)(?=\s|$)/.exec(only) ?? [];
  return dmarc.length === 1 && domain !== undefined && domain === from.slice(from.lastIndexOf('@') + 1).toLowerCase();
};

/** Without comments and quoted texts, in which a sender could have words of theirs put (RFC 8601 section 2.2). */
const plain = (value: string): string => {
  let [kept, depth, quoted] = ['', 0, false];
  for (let i = 0; i < value.length; i += 1) {
    const char = value[i] ?? '';
    if (char === '\\') i += 1;
    else if (char === '"' && depth === 0) quoted = !quoted;
    else if (quoted) continue;
    else if (char === '(') depth += 1;
    else if (char === ')' && depth > 0) depth -= 1;
    else if (depth === 0) kept += char;
  }
  return kept;
};
