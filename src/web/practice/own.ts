import { invariant } from '../../domain/result.ts';
import type { Visit } from '../visit.tsx';

/** The doctor whose pages these are: who is signed in. */
export const ownId = ({ who }: Visit): string => {
  invariant(who !== null, 'nobody comes to these pages without having signed in');
  return who.id;
};
