import { sealedColumn } from '../db/sealed-column.ts';
import { type channels, kindRules, type NotificationKind, notificationKinds } from '../domain/notifications/kinds.ts';

/** What one click ends: for one account, one kind of notification by one channel. */
export interface Unsubscribing {
  readonly accountId: string;
  readonly kind: NotificationKind;
}

/** Version, nonce, ciphertext, and nothing after it: one link has one spelling. */
const form = /^v1\.[\w-]{16}\.[\w-]{22,256}$/;
/** What is sealed says for which channel it is, so that a token can never end more than its mail said. */
const byMail: (typeof channels)[number] = 'email';

const sealing = (dataKey: string) => sealedColumn(dataKey, 'unsubscribe');

/**
 * The address that ends mails of a kind to an account with one click and without signing in; `null` for what nobody may
 * switch off. Its token is sealed and authenticated under DATA_KEY: nobody can make one, and none can be read, so that
 * the address names neither the person nor what they were told. It does not run out: mail is read late.
 */
export const unsubscribeUrl = async (
  { appUrl, dataKey }: { readonly appUrl: string; readonly dataKey: string },
  { accountId, kind }: Unsubscribing,
): Promise<string | null> => {
  if (!kindRules[kind].optional) return null;
  return `${appUrl}/unsubscribe/${await sealing(dataKey).seal(byMail, JSON.stringify([accountId, kind]))}`;
};

/** What a token ends; `null` for one that is not ours. */
export const readUnsubscribeToken = async (dataKey: string, token: string): Promise<Unsubscribing | null> => {
  if (!form.test(token)) return null;
  try {
    const [accountId, kind] = JSON.parse(await sealing(dataKey).open(byMail, token)) as [string, string];
    const known = notificationKinds.find((each) => each === kind);
    return known === undefined ? null : { accountId, kind: known };
  } catch {
    // Why a token does not open is nobody's business.
    return null;
  }
};

/** The headers that let a mail program offer the one click by itself (RFC 2369 section 3.2, RFC 8058 section 3.1). */
export const unsubscribeHeaders = (url: string): Readonly<Record<string, string>> => ({
  'List-Unsubscribe': `<${url}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});
