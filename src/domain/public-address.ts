/** Names that mean this machine or this network: RFC 6761, 6762, 8375, and what networks call themselves. */
const inside =
  /(^|\.)(localhost|local|internal|localdomain|intranet|private|lan|home|corp|svc|home\.arpa|test|invalid|onion)$/;
/** Names that lead wherever they say, or to this machine: services of that kind, and addresses within any name. */
const pointing = /(^|\.)(nip\.io|sslip\.io|xip\.io|traefik\.me|localtest\.me|lvh\.me|vcap\.me|localho\.st)$/;
const octet = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const embedded = new RegExp(`(^|[.-])${octet}([.-])${octet}\\3${octet}\\3${octet}(?=[.-])`);

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
  return host.includes('.') && ![inside, pointing, embedded].some((form) => form.test(host));
};
