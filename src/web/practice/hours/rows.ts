import type { InferRequestType, InferResponseType } from 'hono/client';
import type { PageApi } from '../../api.ts';
import type { Form } from '../../form.ts';

type ScheduleApi = PageApi['doctors'][':id']['schedule'];
export type Schedule = InferResponseType<ScheduleApi['$get'], 200>;
export type NewSchedule = InferRequestType<ScheduleApi['preview']['$post']>['json'];

/** The fields of one row of hours, as they stand in the form: text, whatever it may be. */
export const rowFields = [
  ...(['id', 'weekday', 'start', 'end', 'slotMinutes', 'bufferMinutes', 'capacity', 'emergencySeats'] as const),
  ...(['mode', 'clinicId', 'requires', 'effectiveFrom', 'effectiveUntil'] as const),
] as const;
export type Row = Readonly<Record<(typeof rowFields)[number], string>>;

/** Everything that the form of a weekly schedule holds. */
export interface Draft {
  readonly version: string;
  readonly minimumNoticeMinutes: string;
  readonly bookingWindowDays: string;
  readonly approvalRequired: boolean;
  readonly rows: readonly Row[];
}

/** Hours to begin with. */
export const newRow = (clinicId: string): Row => ({
  ...{ id: '', weekday: '1', start: '09:00', end: '13:00', slotMinutes: '20', bufferMinutes: '0', capacity: '1' },
  ...{ emergencySeats: '0', mode: 'in_person', clinicId, requires: '', effectiveFrom: '', effectiveUntil: '' },
});

/** A schedule as it is saved, as a form. */
export const draftOf = (schedule: Schedule): Draft => ({
  version: String(schedule.version),
  minimumNoticeMinutes: String(schedule.minimumNoticeMinutes),
  bookingWindowDays: String(schedule.bookingWindowDays),
  approvalRequired: schedule.approvalRequired,
  rows: schedule.rules.map((rule) => ({
    ...{ id: rule.id, weekday: String(rule.weekday), start: rule.start, end: rule.end, mode: rule.mode },
    ...{ slotMinutes: String(rule.slotMinutes), bufferMinutes: String(rule.bufferMinutes) },
    ...{ capacity: String(rule.capacity), emergencySeats: String(rule.emergencySeats) },
    ...{ clinicId: rule.clinicId ?? '', requires: rule.requires.join(', ') },
    ...{ effectiveFrom: rule.effectiveFrom ?? '', effectiveUntil: rule.effectiveUntil ?? '' },
  })),
});

/** A form as it was sent. The rows whose box says so are left out. */
export const draftIn = (form: Form): Draft => {
  const columns = rowFields.map((name) => form.all(`${name}[]`));
  const dropped = new Set(form.all('drop[]'));
  const rows = form
    .all('weekday[]')
    .map((_, i) => Object.fromEntries(rowFields.map((name, n) => [name, columns[n]?.[i] ?? ''])) as Row);
  return {
    version: form.text('version'),
    minimumNoticeMinutes: form.text('minimumNoticeMinutes'),
    bookingWindowDays: form.text('bookingWindowDays'),
    approvalRequired: form.has('approvalRequired'),
    rows: rows.filter((_, i) => !dropped.has(String(i))),
  };
};

/** A number as it was typed; what is none is told by the API. */
const numberOf = (text: string): number => (text === '' ? Number.NaN : Number(text));

/** Hours as the API takes them, of a rule or of one date. */
export const hoursOf = (row: Row) => ({
  ...{ start: row.start.slice(0, 5), end: row.end.slice(0, 5), mode: row.mode as 'in_person' | 'video' },
  ...{ slotMinutes: numberOf(row.slotMinutes), bufferMinutes: numberOf(row.bufferMinutes || '0') },
  ...{ capacity: numberOf(row.capacity || '1'), emergencySeats: numberOf(row.emergencySeats || '0') },
  clinicId: row.clinicId === '' ? null : row.clinicId,
  requires: row.requires
    .split(',')
    .map((kind) => kind.trim())
    .filter((kind) => kind !== ''),
});

/** A form as the API takes a schedule. */
export const scheduleOf = (draft: Draft): NewSchedule => ({
  version: numberOf(draft.version),
  minimumNoticeMinutes: numberOf(draft.minimumNoticeMinutes),
  bookingWindowDays: numberOf(draft.bookingWindowDays),
  approvalRequired: draft.approvalRequired,
  rules: draft.rows.map((row) => ({
    ...(row.id === '' ? {} : { id: row.id }),
    ...hoursOf(row),
    weekday: numberOf(row.weekday),
    effectiveFrom: row.effectiveFrom === '' ? null : row.effectiveFrom,
    effectiveUntil: row.effectiveUntil === '' ? null : row.effectiveUntil,
  })),
});
