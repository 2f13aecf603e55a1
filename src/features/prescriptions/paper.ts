import type { Locale } from '../../domain/notifications/preferences.ts';
import { stateAt } from '../../domain/prescription.ts';
import { pdfDocument } from '../../pdf/pdf.ts';
import type { Opened, Row } from './stored.ts';
import { type Words, words } from './words.ts';

/** How a prescription is printed. */
export interface Printing {
  readonly locale: Locale;
  /** Where people open Daybook, without a slash at the end. */
  readonly appUrl: string;
  readonly nowMs: number;
  /** Whether it is dispensed from: its reader may have the code. */
  readonly withCode: boolean;
}

/** What a warning is between, by its key: of `interaction:ibuprofen+warfarin`, `ibuprofen + warfarin`. */
const pairOf = (key: string): string => key.slice(key.indexOf(':') + 1).replaceAll('+', ' + ');

/** What became of a prescription and when, in words; `null` while it may be dispensed. */
const endedWords = (say: Words, row: Row, nowMs: number, on: (ms: number) => string): string | null => {
  const state = stateAt(row, nowMs);
  if (state === 'active') return null;
  const atMs = { dispensed: row.dispensedAtMs, cancelled: row.cancelledAtMs, expired: null }[state];
  return say.ended[state](on(atMs ?? row.validUntilMs));
};

/** The address in the QR code of a prescription; `null` once it is not dispensed any more, and for who is given a copy. */
export const scanUrlOf = ({ row, token }: Opened, { appUrl, nowMs, withCode }: Printing): string | null =>
  withCode && stateAt(row, nowMs) === 'active' ? `${appUrl}/rx/${token}` : null;

/**
 * A prescription as a paper: what was signed, and beside the QR code the code that dispenses it; or a copy without. What
 * was dispensed, cancelled or has run out says so at the top and the foot, and has neither for anybody.
 */
export const paperOf = async (
  env: Pick<Env, 'ASSETS'>,
  { row, said, token, code }: Opened,
  { locale, appUrl, nowMs, withCode }: Printing,
): Promise<Uint8Array> => {
  const say = words[locale];
  const day = new Intl.DateTimeFormat(locale === 'bn' ? 'bn-BD' : 'en-GB', {
    dateStyle: 'long',
    timeZone: said.timeZone,
  });
  const on = (instant: string | number): string => day.format(new Date(instant));
  const ended = endedWords(say, row, nowMs, on);
  const title = `${say.prescription} · ${said.patient.name}`;
  const pdf = await pdfDocument(env, {
    ...{ title: say.prescription, language: locale, atMs: row.issuedAtMs },
    // One line: what does not fit on it is cut off, and that is to be the name.
    foot: (ended === null ? [title, on(said.issuedAt), row.id] : [ended, row.id, said.patient.name]).join(' · '),
  });
  const { doctor, clinic, patient } = said;
  const licence = `${say.licence} ${doctor.licenseNumber}`;
  pdf.letterhead(
    clinic === null
      ? { name: doctor.name, lines: [doctor.specialization], aside: [licence] }
      : { name: clinic.name, lines: [clinic.address], aside: [doctor.name, doctor.specialization, licence] },
  );
  if (ended !== null) {
    pdf.heading(ended);
    pdf.paragraph(say.notActive, { bold: true });
    pdf.rule();
    pdf.space(6);
  }
  pdf.heading(say.prescription);
  pdf.facts([
    [say.patient, patient.name],
    ...(patient.birthDate === null ? [] : [[say.born, on(`${patient.birthDate}T12:00:00Z`)] as const]),
    [say.issued, on(said.issuedAt)],
    [say.validUntil, on(said.validUntil)],
  ]);
  pdf.table({
    columns: [
      { title: '', width: 0.28 },
      { title: say.medicine, width: 2.4 },
      { title: say.use, width: 2.6 },
      { title: say.duration, width: 1.1 },
    ],
    rows: said.items.map(({ drug, strength, form, dose, frequency, duration, notes }, i) => [
      String(i + 1),
      [drug, strength, form].filter((part) => part !== null).join(', '),
      [`${dose}, ${frequency}`, notes].filter((part) => part !== null && part !== '').join('\n'),
      duration ?? '',
    ]),
  });
  if (said.overrides.length > 0) {
    pdf.heading(say.overrides, 2);
    for (const { key, text, reason } of said.overrides) {
      pdf.paragraph(`${pairOf(key)}: ${text}`, { size: 9 });
      pdf.paragraph(`${say.because}: ${reason}`, { size: 9, bold: true });
    }
  }
  pdf.space(6);
  pdf.paragraph(`${say.signed} ${doctor.name}, ${say.licence} ${doctor.licenseNumber}, ${on(said.issuedAt)}`);
  pdf.space(6);
  // What is over has nothing to be dispensed by, whoever prints it: the words at the top are all that it says of that.
  if (ended !== null) return pdf.bytes();
  if (withCode) {
    pdf.qr(`${appUrl}/rx/${token}`, [`${say.scan} · ${say.code} ${code.slice(0, 4)} ${code.slice(4)}`, say.scanHow]);
  } else {
    pdf.paragraph(say.copy, { bold: true });
  }
  return pdf.bytes();
};
