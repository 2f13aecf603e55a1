import { isOutage } from '../db/outage.ts';

const maxKnown = 10_000;
/** By database: what one has says nothing of another. */
const knownIn = new WeakMap<D1Database, Set<string>>();

/**
 * Whether there is such a doctor, so that no object is woken for an id that somebody made up: each day of each such id
 * would be an object of its own, and would ask D1 more than this does. Doctors are remembered, made-up ids are not. While
 * D1 is out of reach everybody may be one: an opened day answers without it.
 */
export const isKnownDoctor = async (d1: D1Database, doctorId: string): Promise<boolean> => {
  const known = knownIn.get(d1) ?? new Set<string>();
  knownIn.set(d1, known);
  if (known.has(doctorId)) return true;
  try {
    const row = await d1.prepare('SELECT 1 AS found FROM doctors WHERE id = ?').bind(doctorId).first();
    if (row === null) return false;
  } catch (error) {
    if (isOutage(error)) return true;
    throw error;
  }
  if (known.size >= maxKnown) known.clear();
  known.add(doctorId);
  return true;
};
