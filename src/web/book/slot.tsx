import { parseSlotId } from '../../domain/ids.ts';
import type { Money } from '../../domain/schedule.ts';
import { problemFor, Unanswered, wanted } from '../api.ts';
import { moneyText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { WhatIsBooked } from './facts.tsx';
import type { Wanted } from './nearest.ts';
import { bookWords } from './words.ts';

/** A slot that somebody wants, as its doctor's day has it now; `slot` is `null` when there is none to be had. */
export const chosenSlot = async (visit: Visit, id: string) => {
  const parsed = parseSlotId(id);
  if (parsed === null) throw new Unanswered(problemFor('not_found'));
  const { doctorId, date } = parsed.day;
  const { api } = visit;
  const [doctor, day] = await Promise.all([
    wanted(api.doctors[':id'].$get({ param: { id: doctorId } })),
    wanted(api.doctors[':id'].slots.$get({ param: { id: doctorId }, query: { date } })),
  ]);
  const slot = day.slots.find((one) => one.id === id && one.remaining > 0) ?? null;
  const asked: Wanted = { doctorId, date, startsAtMs: parsed.startsAtMs };
  return { doctor, slot, asked };
};

export type ChosenSlot = Awaited<ReturnType<typeof chosenSlot>>;

/** What a doctor asks for a visit of a mode. */
export const priceOf = ({ consultationFee, videoFee }: ChosenSlot['doctor'], mode: string): Money =>
  mode === 'video' ? videoFee : consultationFee;

/** What would be booked. */
export const SlotFacts = ({
  visit,
  of: { doctor, slot },
  forWhom,
}: {
  readonly visit: Visit;
  readonly of: ChosenSlot;
  readonly forWhom: string | null;
}) => {
  if (slot === null) return null;
  const words = bookWords[visit.reader.locale].facts;
  const { startsAt, endsAt, mode, clinicId } = slot;
  const fee = priceOf(doctor, mode);
  const amount = moneyText(fee, visit.reader.locale);
  const said = doctor.paymentRequired ? words.feeNow(amount) : words.feeAtVisit(amount);
  const clinic = mode === 'video' ? null : (doctor.clinics.find(({ id }) => id === clinicId) ?? null);
  const clinicName = clinic?.name ?? null;
  return (
    <WhatIsBooked
      visit={visit}
      of={{
        ...{ startsAt, endsAt, mode, clinicName, clinic, forWhom, timeZone: doctor.timeZone },
        ...{ doctorId: doctor.id, doctorName: doctor.fullName },
      }}
      fee={fee.amount === 0 ? words.free : said}
    />
  );
};
