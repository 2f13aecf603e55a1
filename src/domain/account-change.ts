import type { Permission, Principal, Role } from './access.ts';
import { type Refusal, refusal } from './refusal.ts';
import { ok, type Result, refused } from './result.ts';

/** What an admin can change of an account, as it is. */
export interface AccountStanding {
  readonly role: Role;
  /** Empty for everybody but admins. */
  readonly permissions: readonly Permission[];
  readonly active: boolean;
}

/** Changes of it: what is absent stays. */
export interface AccountChange {
  readonly role?: Role | undefined;
  readonly permissions?: readonly Permission[] | undefined;
  readonly active?: boolean | undefined;
}

/**
 * What an account becomes by an admin's change. Nobody changes their own; nobody gives or takes a permission that they
 * do not hold, nor changes an admin who holds one that they do not, so that no admin makes more of themselves by way of
 * another account. A doctor stays a doctor: a profile belongs to it. Refuses with `own_account`, `beyond_own_permissions`,
 * `role_fixed`, `permissions_not_for_role`.
 */
export const changeAccount = (
  actor: Principal,
  targetId: string,
  before: AccountStanding,
  change: AccountChange,
): Result<AccountStanding, Refusal> => {
  if (actor.id === targetId) return refused(refusal('own_account'));
  const role = change.role ?? before.role;
  if (role !== before.role && (role === 'doctor' || before.role === 'doctor')) return refused(refusal('role_fixed'));
  if (change.permissions !== undefined && role !== 'admin') return refused(refusal('permissions_not_for_role'));
  const permissions = role === 'admin' ? [...new Set(change.permissions ?? before.permissions)].sort() : [];
  const concerned = [...before.permissions, ...permissions];
  if (concerned.some((one) => !actor.permissions.includes(one))) return refused(refusal('beyond_own_permissions'));
  return ok({ role, permissions, active: change.active ?? before.active });
};

/** Whether an account can put other accounts right: at least one such must always be left. */
export const keepsUsers = ({ role, permissions, active }: AccountStanding): boolean =>
  role === 'admin' && active && permissions.includes('users');
