/**
 * A path of ours as a browser would read it; `/` for whatever leads elsewhere, so that no link of an attacker's makes us
 * send somebody there. It is judged as it is written again: `/.//evil.example` is a path, and normalised leads away.
 */
export const ownPath = (to: string): string => {
  if (!/^\/(?![/\\])[^\s\\]*$/.test(to)) return '/';
  const { origin, pathname, search, hash } = new URL(to, 'http://own.invalid');
  return origin !== 'http://own.invalid' || pathname.startsWith('//') ? '/' : `${pathname}${search}${hash}`;
};
