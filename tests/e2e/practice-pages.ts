import type { Cast, Row } from './pages.ts';

interface Listed {
  readonly id: string;
  readonly startsAt: string;
}

/** The last appointment of the doctor that stands so. */
const last = async ({ doctor }: Cast, status: string): Promise<Listed | undefined> => {
  const query = `doctorId=${doctor.id}&status=${status}&limit=100&order=newest`;
  const { items } = (await doctor.asks('GET', `/appointments?${query}`)) as { items: Listed[] };
  return items[0];
};

const dhaka = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Dhaka' });

/** A page of the day, or of the week, that the next visit is on. */
const at = (path: string) => async (cast: Cast) => {
  const next = await last(cast, 'confirmed');
  return next === undefined ? path : `${path}=${dhaka.format(Date.parse(next.startsAt))}`;
};

const visit =
  (status: string, part = '', of = '/day') =>
  async (cast: Cast) =>
    `${of}/${(await last(cast, status))?.id}${part}`;

/** A page of figures, once the past of the demonstration is counted: the clock that does so stands still here. */
export const counted = (path: string) => async (cast: Cast) => {
  await cast.admin.asks('POST', '/admin/jobs/fold_figures/run');
  return path;
};

/** The pages that a doctor works with. */
export const practicePages: readonly Row[] = [
  { name: 'day', as: 'doctor', path: at('/day?date') },
  { name: 'an empty day', as: 'doctor', path: '/day?date=2026-01-02' },
  { name: 'a visit to come', as: 'doctor', path: visit('confirmed') },
  { name: 'a visit that is over', as: 'doctor', path: visit('completed') },
  { name: 'completing a visit', as: 'doctor', path: visit('confirmed', '/complete') },
  { name: 'week', as: 'doctor', path: at('/week?from') },
  { name: 'moving a visit', as: 'doctor', path: visit('confirmed', '/move', '/week') },
  { name: 'requests', as: 'doctor', path: '/requests' },
  { name: 'schedule', as: 'doctor', path: '/schedule' },
  { name: 'extra sessions', as: 'doctor', path: '/schedule/sessions' },
  { name: 'time off', as: 'doctor', path: '/time-off' },
  { name: 'who waits', as: 'doctor', path: '/waiting' },
  { name: 'own reviews', as: 'doctor', path: '/reviews' },
  { name: 'figures', as: 'doctor', path: counted('/figures') },
  { name: 'feeds', as: 'doctor', path: '/feeds' },
  { name: 'profile of a doctor', as: 'doctor', path: '/practice/profile' },
];
