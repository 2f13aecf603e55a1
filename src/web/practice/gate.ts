import { signedInAs } from '../begin.ts';

/** Lets doctors in. */
export const doctorOnly = signedInAs(['doctor'], '/day');
