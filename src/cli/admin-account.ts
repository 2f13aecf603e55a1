import { randomBytes } from 'node:crypto';
import { Argon2Type } from '@phi-ag/argon2';
import initialize from '@phi-ag/argon2/node';
import { permissions } from '../domain/access.ts';
import { accountId } from '../domain/ids.ts';
import { passwordParameters, preparedPassword } from '../features/identity/password-parameters.ts';

/** An administrator to be. `email` is in its folded form; the password has been checked. */
export interface AdminAccount {
  readonly email: string;
  readonly fullName: string;
  readonly password: string;
}

/**
 * The SQL that creates an administrator's account with every permission, hashed as the Worker hashes, with its row in
 * the audit. An address that has an account already keeps it as it is: then the SQL changes nothing, and no account has
 * the id.
 */
export const newAdmin = async (admin: AdminAccount, nowMs: number): Promise<{ id: string; sql: string }> => {
  const argon2 = await initialize();
  const { encoded } = argon2.hash(preparedPassword(admin.password), {
    ...passwordParameters,
    type: Argon2Type.Argon2id,
  });
  const id = accountId(randomBytes(12));
  const columns = 'id, email, password_hash, full_name, role, permissions, created_at_ms';
  const values = [id, admin.email, encoded, admin.fullName, 'admin', JSON.stringify(permissions)]
    .map(sqlText)
    .join(', ');
  const sql = [
    `insert into accounts (${columns}) values (${values}, ${nowMs}) on conflict do nothing;`,
    'insert into audit_events (stream, seq, at_ms, actor_id, actor_role, action, subject_id, data)',
    `select 'account:${id}', 1, ${nowMs}, null, 'system', 'account.created', '${id}', '{"role":"admin"}'`,
    `where exists (select 1 from accounts where id = '${id}');`,
  ].join('\n');
  return { id, sql };
};

/** A text as an SQL literal (SQLite): quotes doubled, no NUL. */
export const sqlText = (text: string): string => `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`;
