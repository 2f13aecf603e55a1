import type { SealedWords } from '../../domain/doctor-day/command.ts';
import type { Place } from '../../sealing/sealed-text.ts';
import type { Sealing } from '../../sealing/sealing.ts';

/** Where an appointment's words stand. The id stays when it moves to another day, so its words move with it. */
export const wordPlace = (appointmentId: string, column: 'reason' | 'symptoms' | 'statusReason'): Place => ({
  table: 'appointments',
  row: appointmentId,
  column,
});

/** Seals what a patient says of an appointment. `undefined` stays as it is: it changes nothing. */
export const sealWords = async (
  { sealFor }: Sealing,
  patientId: string,
  appointmentId: string,
  words: { readonly reason?: string | null | undefined; readonly symptoms?: string | null | undefined },
): Promise<SealedWords> => ({
  reason: await sealFor(patientId, wordPlace(appointmentId, 'reason'), words.reason),
  symptoms: await sealFor(patientId, wordPlace(appointmentId, 'symptoms'), words.symptoms),
});
