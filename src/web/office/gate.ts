import { type Action, mayEver } from '../../domain/access.ts';
import { signedInAs } from '../begin.ts';
import type { Visit } from '../visit.tsx';

/** Lets staff and admins in. */
export const officeOnly = signedInAs(['staff', 'admin'], '/admin');

/** Whether it is worth showing somebody the way to something. */
export const can = (visit: Visit, action: Action): boolean => visit.who !== null && mayEver(visit.who, action);
