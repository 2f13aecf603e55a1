import { addDays, utcDate } from '../domain/local-date.ts';
import { answered, apiOf, unless } from './api.ts';
import { credentials, doctors } from './demo-data.ts';
import type { People, Person } from './seed.ts';

const dayMs = 86_400_000;

interface Booking {
  /** Names the booking, so that writing it twice makes one. */
  readonly key: string;
  readonly patient: string;
  readonly doctor: string;
  /** How far it goes after the hold. */
  readonly upTo: 'hold' | 'confirm' | 'cancel' | 'reject';
  readonly reason: string;
}

const doctorOf = (name: string): string => {
  const found = doctors.find(({ fullName }) => fullName.endsWith(name));
  if (found === undefined) throw new Error(`the demo data has no ${name}`);
  return found.email;
};

const nadia = credentials.patient.email;
const tomas = 'tomas.lindqvist@daybook.example';
const aisha = 'aisha.bello@daybook.example';

const planned: readonly Booking[] = [
  { key: '10', patient: tomas, doctor: doctorOf('Khatun'), upTo: 'confirm', reason: 'Out of breath on the stairs' },
  { key: '11', patient: aisha, doctor: doctorOf('Khatun'), upTo: 'confirm', reason: 'Results of the ECG' },
  { key: '1', patient: nadia, doctor: doctorOf('Khatun'), upTo: 'confirm', reason: 'Blood pressure check' },
  { key: '2', patient: nadia, doctor: doctorOf('Hughes'), upTo: 'cancel', reason: 'Sore throat' },
  { key: '3', patient: nadia, doctor: doctorOf('Akter'), upTo: 'confirm', reason: 'A rash that comes and goes' },
  { key: '4', patient: nadia, doctor: doctorOf('Das'), upTo: 'reject', reason: 'Second opinion' },
  { key: '5', patient: nadia, doctor: doctorOf('Nair'), upTo: 'hold', reason: 'Allergy' },
  { key: '6', patient: tomas, doctor: doctorOf('Hughes'), upTo: 'confirm', reason: 'Annual check-up' },
  { key: '7', patient: tomas, doctor: doctorOf('Hossain'), upTo: 'confirm', reason: 'Travel vaccination' },
  { key: '8', patient: aisha, doctor: doctorOf('Hossain'), upTo: 'confirm', reason: 'Headaches' },
  { key: '9', patient: aisha, doctor: doctorOf('Nowak'), upTo: 'confirm', reason: 'First conversation' },
];

/**
 * Books what lies ahead for those who are there, one appointment for each status an appointment can have before its day.
 * Gives how many.
 *
 * @param series names these bookings: with the same name, each is made once
 */
export const bookings = async (url: string, people: People, series: string): Promise<number> => {
  const possible = planned.filter(({ patient, doctor }) => people.has(patient) && people.has(doctor));
  for (const booking of possible) await book(url, people, series, booking);
  return possible.length;
};

const book = async (url: string, people: People, series: string, booking: Booking): Promise<void> => {
  const { key, patient, doctor, upTo, reason } = booking;
  const by = personOf(people, patient);
  const at = personOf(people, doctor);
  const slotId = await freeSlot(url, at.id);
  const header = { 'idempotency-key': `${series}-${key}-hold` };
  const asPatient = apiOf(url, by.token).appointments;
  // The key was used for another slot on an earlier day: then this booking is there.
  const held = await unless(asPatient.$post({ header, json: { slotId, reason } }), 'idempotency_key_reused');
  if (held === null || upTo === 'hold') return;
  const param = { id: held.id };
  await answered(asPatient[':id'].confirm.$post({ param, header: {}, json: {} }));
  if (upTo === 'cancel') {
    await answered(asPatient[':id'].cancel.$post({ param, header: {}, json: { reason: 'Feeling better' } }));
  }
  if (upTo === 'reject') {
    const rejected = { reason: 'Please see your own cardiologist first' };
    await answered(apiOf(url, at.token).appointments[':id'].reject.$post({ param, header: {}, json: rejected }));
  }
};

/** The first free slot two days from now or later. */
const freeSlot = async (url: string, doctorId: string): Promise<string> => {
  const api = apiOf(url).doctors[':id'];
  const from = utcDate(Date.now() + 2 * dayMs);
  const { days } = await answered(
    api.availability.$get({ param: { id: doctorId }, query: { from, to: addDays(from, 20) } }),
  );
  const date = days.find(({ remaining }) => remaining > 0)?.date;
  if (date === undefined) throw new Error('a doctor of the demo data has no free day');
  const { slots } = await answered(api.slots.$get({ param: { id: doctorId }, query: { date } }));
  const free = slots.find(({ remaining }) => remaining > 0);
  if (free === undefined) throw new Error('a free day has no free slot');
  return free.id;
};

const personOf = (people: People, email: string): Person => {
  const person = people.get(email);
  if (person === undefined) throw new Error(`the demo data has no ${email}`);
  return person;
};
