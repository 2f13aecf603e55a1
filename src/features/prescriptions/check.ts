import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { drugInteractions, drugNames, interactionSets } from '../../db/schema.ts';
import {
  type Hit,
  hitsOf,
  type InteractionSeverity,
  type Meaning,
  type Pair,
  type Subject,
} from '../../domain/interactions.ts';
import { drugCode } from '../../domain/prescription.ts';
import type { Settings } from '../../env.ts';
import { profileOf } from '../../patients/profile.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { currentOf, openedAll } from './stored.ts';

/** What is known of medicines together, and which of them nothing is known of. */
export interface Checked {
  readonly hits: readonly Hit[];
  readonly unknown: readonly string[];
}

interface Found {
  readonly what: 'name' | 'pair';
  readonly x: string;
  readonly y: string;
  readonly is_class: number | null;
  readonly severity: InteractionSeverity | null;
  readonly text: string | null;
  readonly source: string | null;
}

/** What some codes stand for: themselves, and what the data says of them. */
const conceptsOf = (codes: string) => sql`(select value as concept from json_each(${codes})
  union select d.concept from json_each(${codes}) as c join ${drugNames} as d on d.name = c.value)`;

/**
 * What the data says, in one query along its indexes: what the codes mean, and the pairs that the new ones make with each
 * other and with the rest. The cross joins keep SQLite from walking all that is known of each medicine: it looks for
 * each pair.
 */
const lookUp = async (db: Database, newCodes: readonly string[], allCodes: readonly string[]) => {
  const [fresh, all] = [JSON.stringify(newCodes), JSON.stringify(allCodes)];
  const rows = await db.all<Found>(sql`
    select 'name' as what, d.name as x, d.concept as y, d.is_class, null as severity, null as text, null as source
    from json_each(${all}) as c join ${drugNames} as d on d.name = c.value
    union all
    select 'pair', i.a, i.b, null, i.severity, i.text, i.source
    from ${conceptsOf(fresh)} as p cross join ${conceptsOf(all)} as q
    cross join ${drugInteractions} as i on i.a = min(p.concept, q.concept) and i.b = max(p.concept, q.concept)
    join ${interactionSets} as s on s.version = i.version`);
  const meanings = rows
    .filter(({ what }) => what === 'name')
    .map(({ x, y, is_class }): Meaning => ({ code: x, concept: y, isClass: is_class === 1 }));
  const pairs = rows
    .filter(({ what }) => what === 'pair')
    .map(
      ({ x, y, severity, text, source }): Pair => ({
        a: x,
        b: y,
        severity: severity ?? 'severe',
        text: text ?? '',
        source,
      }),
    );
  return { meanings, pairs };
};

/**
 * Looks at medicines that a patient is to be given: with each other, with what they have, and with what they must not
 * have. The patient's data is what they said and what was prescribed here; nothing else is known of them.
 *
 * @param besides a prescription that is being renewed: what it holds is no duplicate
 */
export const checkDrugs = async (
  { db, settings, sealing }: { readonly db: Database; readonly settings: Settings; readonly sealing: Sealing },
  patientId: string,
  drugs: readonly string[],
  nowMs: number,
  besides: string | null = null,
): Promise<Checked> => {
  const [{ profile }, rows] = await Promise.all([profileOf(db, sealing, patientId), currentOf(db, patientId, nowMs)]);
  const others = rows.filter(({ id }) => id !== besides);
  const current = await openedAll(db, settings, sealing, others);
  const subject = (from: Subject['from'], name: string): Subject => ({ from, name, code: drugCode(name) });
  const subjects = [
    ...drugs.map((drug) => subject('item', drug)),
    ...current.flatMap(({ said }) => said.items.map(({ drug }) => subject('prescription', drug))),
    ...profile.medications.map(({ name }) => subject('profile', name)),
    ...profile.allergies.map(({ name }) => subject('allergy', name)),
  ].filter(({ code }) => code !== '');
  const codesOf = (some: readonly Subject[]): string[] => [...new Set(some.map(({ code }) => code))];
  const items = subjects.filter(({ from }) => from === 'item');
  const { meanings, pairs } = await lookUp(db, codesOf(items), codesOf(subjects));
  const known = new Set([...meanings.map(({ code }) => code), ...pairs.flatMap(({ a, b }) => [a, b])]);
  return {
    hits: hitsOf(subjects, meanings, pairs),
    unknown: [...new Set(drugs.filter((drug) => !known.has(drugCode(drug))))],
  };
};
