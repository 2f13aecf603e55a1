import type { Settings } from '../env.ts';
import { mayAsk } from '../http/outbound.ts';

/**
 * Whether an address that a browser gave as its own belongs to a push service we know. Anybody who is signed in can name
 * an address, and every notification is a request to it: it must lead to a push service and nowhere else.
 */
export const isPushHost = (settings: Settings, endpoint: string): boolean => {
  const url = URL.parse(endpoint);
  if (url?.protocol !== 'https:' || !mayAsk(settings, endpoint)) return false;
  const { hosts } = settings.delivery.push;
  return hosts.some((host) => (host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host));
};
