/** Names that mean this machine or this network: RFC 6761, 6762, 8375, and what networks call themselves. */
const inside = /(^|\.)(localhost|local|internal|intranet|private|lan|home|corp|home\.arpa|test|invalid|onion)$/;

/**
 * Whether an address that somebody gave us may be asked by a deployment: https on its own port, by a name of the public
 * DNS, without a name or password in it. Numbers are refused, public ones too: whatever way a loopback or private address
 * is written, it is a number, and who publishes something on the internet has a name. That a public name leads to a
 * private address is for the runtime to refuse, which is the one that resolves it (Workers reach no private network, and
 * workerd by itself connects to public addresses only).
 */
export const isPublicAddress = (text: string): boolean => {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'https:' || url.port !== '') return false;
  if (url.username !== '' || url.password !== '') return false;
  const host = url.hostname.replace(/\.$/, '');
  // The parser has made every IPv4 form (`0x7f.1`, `2130706433`) four decimal numbers, and put IPv6 in brackets.
  if (host.startsWith('[') || /^[\d.]+$/.test(host)) return false;
  return host.includes('.') && !inside.test(host);
};
