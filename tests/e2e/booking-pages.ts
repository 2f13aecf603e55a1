import type { Cast, Row } from './pages.ts';
import { freeSlots } from './support/people.ts';

interface Listed {
  readonly id: string;
  readonly status: string;
}

/** The path of a part of the first appointment of the patient that stands so, or of the latest. */
const appointment =
  (status: string, part = '') =>
  async ({ patient }: Cast): Promise<string> => {
    const order = status === 'completed' ? 'newest' : 'oldest';
    const { items } = (await patient.asks('GET', `/appointments?limit=100&status=${status}&order=${order}`)) as {
      items: Listed[];
    };
    // Those of the day itself come and go with the clock: of what is to come, the last.
    const found = status === 'completed' ? items[0] : items.at(-1);
    return `/appointments/${found?.id}${part}`;
  };

const slot = async ({ patient, doctor }: Cast, part = ''): Promise<string> => {
  const free = await freeSlots(patient, doctor.id, 9);
  return `/book/${free.at(-1)?.id}${part}`;
};

let held: Promise<{ id: string }> | undefined;
const hold = async ({ patient, doctor }: Cast): Promise<string> => {
  held ??= freeSlots(patient, doctor.id, 10).then((free) =>
    patient.asks('POST', '/appointments', { slotId: free.at(-1)?.id, reason: 'Check-up' }),
  );
  return `/appointments/${(await held).id}/confirm`;
};

/** The pages of booking, of a patient's appointments, and of the waitlist. */
export const bookingPages: readonly Row[] = [
  { name: 'booking, signed out', as: 'nobody', path: slot },
  { name: 'booking', as: 'patient', path: slot },
  { name: 'booking by a doctor', as: 'doctor', path: slot },
  { name: 'a hold', as: 'patient', path: hold },
  { name: 'appointments', as: 'patient', path: '/appointments' },
  { name: 'past appointments', as: 'patient', path: '/appointments/past' },
  { name: 'an appointment', as: 'patient', path: appointment('confirmed') },
  { name: 'cancelling', as: 'patient', path: appointment('confirmed', '/cancel') },
  { name: 'moving', as: 'patient', path: appointment('confirmed', '/reschedule') },
  { name: 'the reason', as: 'patient', path: appointment('confirmed', '/reason') },
  { name: 'documents to bring', as: 'patient', path: appointment('confirmed', '/documents') },
  { name: 'a past visit', as: 'patient', path: appointment('completed') },
  { name: 'a review', as: 'patient', path: appointment('completed', '/review') },
  { name: 'waitlist', as: 'patient', path: '/waitlist' },
  { name: 'joining the waitlist', as: 'patient', path: ({ doctor }) => `/waitlist/join?doctor=${doctor.id}` },
  { name: 'joining no waitlist', as: 'patient', path: '/waitlist/join' },
];
