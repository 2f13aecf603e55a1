import type { z } from '@hono/zod-openapi';
import { and, asc, desc, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts } from '../../db/schema.ts';
import type { Role } from '../../domain/access.ts';
import type { AccountStanding } from '../../domain/account-change.ts';
import type { accountSchema } from './schema.ts';

type Row = typeof accounts.$inferSelect;

interface Filter {
  readonly role?: Role | undefined;
  readonly active?: boolean | undefined;
}

const matching = ({ role, active }: Filter): SQL | undefined =>
  and(
    role === undefined ? undefined : eq(accounts.role, role),
    active === undefined ? undefined : active ? isNull(accounts.deactivatedAtMs) : isNotNull(accounts.deactivatedAtMs),
  );

/** One more than a page of accounts, newest first. */
export const accountsByTime = (
  db: Database,
  filter: Filter,
  after: { readonly createdAtMs: number; readonly id: string } | null,
  limit: number,
): Promise<Row[]> =>
  db
    .select()
    .from(accounts)
    .where(
      and(
        matching(filter),
        after === null
          ? undefined
          : sql`(${accounts.createdAtMs}, ${accounts.id}) < (${after.createdAtMs}, ${after.id})`,
      ),
    )
    .orderBy(desc(accounts.createdAtMs), desc(accounts.id))
    .limit(limit + 1);

const byName = sql`${accounts.fullName} collate nocase`;

/** One more than a page of the accounts whose name begins so, by name; case does not matter where ASCII has it. */
export const accountsByName = (
  db: Database,
  name: string,
  filter: Filter,
  after: { readonly fullName: string; readonly id: string } | null,
  limit: number,
): Promise<Row[]> =>
  db
    .select()
    .from(accounts)
    .where(
      and(
        // No character sorts after the last of Unicode: the range is the names that begin so.
        sql`${byName} >= ${name} and ${byName} < ${`${name}\u{10FFFF}`}`,
        matching(filter),
        after === null ? undefined : sql`(${byName}, ${accounts.id}) > (${after.fullName}, ${after.id})`,
      ),
    )
    .orderBy(asc(byName), asc(accounts.id))
    .limit(limit + 1);

/** The account of an e-mail address or a phone number, in the form that Daybook keeps; none or one. */
export const accountsOf = (
  db: Database,
  { email, phone }: { readonly email?: string | undefined; readonly phone?: string | undefined },
  filter: Filter,
): Promise<Row[]> =>
  db
    .select()
    .from(accounts)
    .where(and(email === undefined ? eq(accounts.phone, phone ?? '') : eq(accounts.email, email), matching(filter)));

/** An account; `null` when there is none. */
export const accountRow = async (db: Database, id: string): Promise<Row | null> =>
  (await db.select().from(accounts).where(eq(accounts.id, id)))[0] ?? null;

/** What an admin can change of an account. */
export const standingOf = (row: Row): AccountStanding => ({
  role: row.role,
  permissions: row.role === 'admin' ? (row.adminPermissions ?? []) : [],
  active: row.deactivatedAtMs === null,
});

/** An account as admins see it. */
export const accountView = (row: Row): z.input<typeof accountSchema> => ({
  id: row.id,
  email: row.email,
  emailVerified: row.emailVerifiedAtMs !== null,
  fullName: row.fullName,
  phone: row.phone,
  phoneVerified: row.phone !== null && row.phoneVerifiedAtMs !== null,
  ...standingOf(row),
  permissions: [...standingOf(row).permissions],
  deactivatedAt: row.deactivatedAtMs === null ? null : new Date(row.deactivatedAtMs).toISOString(),
  createdAt: new Date(row.createdAtMs).toISOString(),
});
