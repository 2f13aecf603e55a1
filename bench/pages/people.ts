import { reader } from '../reads/grow.ts';
import { accountNamed } from '../server/practice.ts';

/** The admin who opens pages. */
export const pageAdminId = accountNamed('reading admin');

/** The statements that put the people who open pages into D1; the doctor is put there with the hours. */
export const peopleStatements: readonly string[] = (
  [
    [reader.patientId, 'patient'],
    [pageAdminId, 'admin'],
  ] as const
).map(
  ([id, role]) =>
    `insert into accounts (id, email, password_hash, full_name, role, created_at_ms)
     values ('${id}', '${id}@example.org', '-', 'Page Reader', '${role}', 0)`,
);
