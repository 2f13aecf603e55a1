const utf8 = new TextEncoder();

/** Whether an Authorization header carries the token, in a time that tells nothing of it: hashes are compared. */
export const isToken = async (authorization: string | undefined, token: string): Promise<boolean> => {
  const [scheme, given = ''] = (authorization ?? '').split(' ', 2);
  const [a, b] = await Promise.all([given, token].map((text) => crypto.subtle.digest('SHA-256', utf8.encode(text))));
  return (
    scheme?.toLowerCase() === 'bearer' && a !== undefined && b !== undefined && crypto.subtle.timingSafeEqual(a, b)
  );
};
