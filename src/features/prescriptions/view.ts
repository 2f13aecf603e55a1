import type { z } from '@hono/zod-openapi';
import { initialsOf } from '../../domain/names.ts';
import { stateAt } from '../../domain/prescription.ts';
import type { Checked } from './check.ts';
import {
  type checkedSchema,
  notComplete,
  type prescriptionSchema,
  type Verified,
  type writtenSchema,
} from './schema.ts';
import type { Opened } from './stored.ts';
import type { Written } from './write.ts';

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** A prescription as who may read it sees it. */
export const prescriptionView = (
  { row, said, authentic, dispensedBy, cancelReason }: Opened,
  nowMs: number,
): z.input<typeof prescriptionSchema> => ({
  id: row.id,
  patientId: row.patientId,
  doctorId: row.doctorId,
  doctorName: said.doctor.name,
  appointmentId: row.appointmentId,
  state: stateAt(row, nowMs),
  authentic,
  items: [...said.items],
  overrides: [...said.overrides],
  renews: said.renews,
  issuedAt: said.issuedAt,
  validUntil: said.validUntil,
  dispensedAt: iso(row.dispensedAtMs),
  dispensedBy,
  cancelledAt: iso(row.cancelledAtMs),
  cancelReason,
});

/** What anybody learns who has the paper: enough to trust it, and not what it is for. */
export const verifiedView = ({ row, said, authentic }: Opened, nowMs: number): Verified => ({
  authentic,
  state: stateAt(row, nowMs),
  issuedAt: said.issuedAt,
  validUntil: said.validUntil,
  timeZone: said.timeZone,
  dispensedAt: iso(row.dispensedAtMs),
  doctor: { name: said.doctor.name, licenseNumber: said.doctor.licenseNumber },
  patientInitials: initialsOf(said.patient.name),
  itemCount: said.items.length,
});

/** What a check has found, with what it cannot know. */
export const checkedView = ({ hits, unknown }: Checked): z.input<typeof checkedSchema> => ({
  hits: hits.map(({ pair: _, between, ...hit }) => ({ ...hit, between: [...between] })),
  unknown: [...unknown],
  complete: false,
  notice: unknown.length === 0 ? notComplete : `${notChecked(unknown)} ${notComplete}`,
});

const notChecked = (names: readonly string[]): string =>
  `Not checked, because nothing is known of it here: ${names.map((name) => `“${name}”`).join(', ')}.`;

/** A prescription that has just been written, for who wrote it. */
export const writtenView = ({ checked, ...written }: Written, nowMs: number): z.input<typeof writtenSchema> => ({
  ...prescriptionView(written, nowMs),
  check: checkedView(checked),
});
