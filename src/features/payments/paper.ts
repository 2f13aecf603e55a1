import { writtenMoney } from '../../domain/written-money.ts';
import { localDateTimeOf } from '../../domain/zoned-time.ts';
import { type Pdf, pdfDocument } from '../../pdf/pdf.ts';
import type { Issued } from './papers.ts';

const names = {
  receipt: { title: 'Receipt', prefix: 'R' },
  invoice: { title: 'Invoice', prefix: 'INV' },
  credit_note: { title: 'Credit note', prefix: 'CN' },
} as const;

const reasons: Readonly<Record<string, string>> = {
  cancelled_by_patient: 'The appointment was cancelled by the patient; what is given back follows the refund policy.',
  cancelled_by_clinic: 'The appointment was cancelled by the clinic.',
  not_accepted: 'The request was not accepted.',
  goodwill: 'Goodwill.',
  visit_cut_short: 'The visit was cut short.',
  wrong_fee: 'The fee was wrong.',
  made_at_gateway: 'Refunded through the payment provider.',
};

const ways: Readonly<Record<string, string>> = {
  razorpay: 'Razorpay',
  local: 'Pretended payment: no money changed hands',
};

/** What a document is called: `INV-000012`, of its issuer. */
export const numberOf = ({ kind, number }: Pick<Issued, 'kind' | 'number'>): string =>
  `${names[kind].prefix}-${String(number).padStart(6, '0')}`;

const when = (ms: number, timeZone: string): string =>
  `${localDateTimeOf(ms, timeZone).replace('T', ' ').slice(0, 16)}`;

/** Lays a receipt, an invoice or a credit note out as a PDF: numbers and amounts as they were issued, names as they are now. */
export const paperOf = async (env: Pick<Env, 'ASSETS'>, issued: Issued): Promise<Uint8Array> => {
  const { kind, issuer, timeZone, currency } = issued;
  const { title } = names[kind];
  const number = numberOf(issued);
  const pdf: Pdf = await pdfDocument(env, { title: `${title} ${number}`, language: 'en', atMs: issued.issuedAtMs });
  const aside = [`${title} ${number}`, `${when(issued.issuedAtMs, timeZone)} (${timeZone})`];
  pdf.letterhead({ name: issuer.name, lines: issuer.lines, aside });
  pdf.heading(title);
  pdf.facts([
    [kind === 'invoice' ? 'Invoice for' : kind === 'receipt' ? 'Received from' : 'Credited to', issued.patientName],
    ['Doctor', issued.doctorName],
    ...(issued.startsAtMs === null
      ? []
      : [['Appointment', `${when(issued.startsAtMs, timeZone)} (${timeZone})`] as const]),
    ['Paid', `${when(issued.capturedAtMs, timeZone)}, ${ways[issued.gateway] ?? issued.gateway}`],
    ['Payment', `${issued.paymentId} (${issued.gatewayPaymentId})`],
    ...(issued.invoiceNumber === null ? [] : [['Invoice', issued.invoiceNumber] as const]),
  ]);
  const visit = issued.mode === 'video' ? 'Consultation by video' : 'Consultation';
  const amount = writtenMoney({ amount: kind === 'credit_note' ? -issued.amountMinor : issued.amountMinor, currency });
  pdf.table({
    columns: [
      { title: 'For', width: 3 },
      { title: 'Amount', align: 'right' },
    ],
    rows: [[`${kind === 'credit_note' ? 'Refund: ' : ''}${visit} with ${issued.doctorName}`, amount]],
    total: ['Total', amount],
  });
  pdf.space(6);
  if (kind === 'receipt') pdf.paragraph('Paid in full, in advance. Thank you.');
  if (kind === 'invoice') pdf.paragraph('Paid. Nothing is due.');
  if (kind === 'credit_note') {
    pdf.paragraph(reasons[issued.reason ?? ''] ?? 'Refund.');
    pdf.paragraph('It goes back the way that it was paid, within some working days.', { quiet: true });
  }
  return pdf.bytes();
};
