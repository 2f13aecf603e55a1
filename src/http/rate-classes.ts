import type { Rates } from './edge-settings.ts';

/** Which limits a request counts against: one for its address, and one for its account once it is known. */
export interface RateClasses {
  readonly address: keyof Rates;
  readonly account: keyof Rates;
}

const isRead = (method: string): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method);
const searches = new Set(['/api/v1/doctors', '/api/v1/doctors/search', '/api/v1/clinics']);
const freeTimes = new Set(['slots', 'slots/live', 'availability'].map((of) => `/api/v1/doctors/:id/${of}`));
const ofSessions = new Set(['/api/v1/auth/refresh', '/api/v1/auth/logout']);

/** What anybody may ask who has a prescription on paper; its code is tried no faster than passwords are. */
const ofPapers = /^(\/rx\/:token|\/api\/v1\/verified-prescriptions\/)/;

/** The limits of a route, by its method and template. */
export const classesOf = (method: string, template: string): RateClasses => {
  if (ofPapers.test(template)) return { address: isRead(method) ? 'search' : 'auth', account: 'read' };
  if (isRead(method)) {
    if (searches.has(template)) return { address: 'search', account: 'read' };
    if (freeTimes.has(template)) return { address: 'slots', account: 'read' };
    return { address: 'address', account: 'read' };
  }
  if (ofSessions.has(template)) return { address: 'session', account: 'write' };
  if (template.startsWith('/api/v1/auth/')) return { address: 'auth', account: 'write' };
  if (template === '/api/v1/appointments') return { address: 'address', account: 'hold' };
  if (template.startsWith('/api/v1/appointments/')) return { address: 'address', account: 'booking' };
  return { address: 'address', account: 'write' };
};
