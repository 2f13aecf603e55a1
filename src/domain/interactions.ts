/** How bad it is when two medicines come together. */
export const interactionSeverities = ['severe', 'moderate', 'minor'] as const;
export type InteractionSeverity = (typeof interactionSeverities)[number];

/** Something that a patient takes, is to take, or must not take, by the code of its name. */
export interface Subject {
  readonly name: string;
  readonly code: string;
  /** Being written now; on a prescription that still counts; said by the patient; an allergy. */
  readonly from: 'item' | 'prescription' | 'profile' | 'allergy';
}

/** What a name means: an ingredient, or a class to which its ingredients belong. */
export interface Meaning {
  readonly code: string;
  readonly concept: string;
  readonly isClass: boolean;
}

/** Two ingredients or classes that do not go together. */
export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly severity: InteractionSeverity;
  readonly text: string;
  readonly source: string | null;
}

/** Something that the doctor should see before signing. */
export interface Hit {
  /** By which an override names it. It stays the same while the names do. */
  readonly key: string;
  readonly kind: 'interaction' | 'allergy' | 'duplicate';
  readonly severity: InteractionSeverity;
  /** The two names as they were written. */
  readonly between: readonly [string, string];
  readonly text: string;
  readonly source: string | null;
  /** What of the data it is from, for the audit: the ingredients or classes, never what a patient wrote. */
  readonly pair: readonly [string, string] | null;
}

const weight = (severity: InteractionSeverity): number => interactionSeverities.indexOf(severity);

const keyOf = (kind: Hit['kind'], x: Subject, y: Subject): string => `${kind}:${[x.code, y.code].sort().join('+')}`;

/**
 * What there is to see in a prescription: each pair of what is written now with everything else, by the worst that is
 * known of it. Allergies are severe whatever the data says, and duplicates are of ingredients, not of classes.
 */
export const hitsOf = (
  subjects: readonly Subject[],
  meanings: readonly Meaning[],
  pairs: readonly Pair[],
): readonly Hit[] => {
  const byCode = new Map<string, Meaning[]>();
  for (const meaning of meanings) byCode.set(meaning.code, [...(byCode.get(meaning.code) ?? []), meaning]);
  const byPair = new Map<string, Pair>();
  for (const pair of pairs) {
    const name = `${pair.a}\n${pair.b}`;
    const known = byPair.get(name);
    if (known === undefined || weight(pair.severity) < weight(known.severity)) byPair.set(name, pair);
  }
  const meaningsOf = ({ code }: Subject): readonly Meaning[] => [
    { code, concept: code, isClass: false },
    ...(byCode.get(code) ?? []).filter(({ concept }) => concept !== code),
  ];
  const found = new Map<string, Hit>();
  const note = (hit: Hit): void => {
    const known = found.get(hit.key);
    if (known === undefined || weight(hit.severity) < weight(known.severity)) found.set(hit.key, hit);
  };

  for (const [i, x] of subjects.entries()) {
    if (x.from !== 'item') continue;
    for (const [j, y] of subjects.entries()) {
      // Two items meet once.
      if (j === i || (y.from === 'item' && j < i)) continue;
      const hit = y.from === 'allergy' ? allergyHit(x, y, meaningsOf) : togetherHit(x, y, meaningsOf, byPair);
      for (const one of hit) note(one);
    }
  }
  return [...found.values()].sort((p, q) => weight(p.severity) - weight(q.severity) || (p.key < q.key ? -1 : 1));
};

type Means = (subject: Subject) => readonly Meaning[];

const allergyHit = (x: Subject, y: Subject, meaningsOf: Means): Hit[] => {
  const concepts = new Set(meaningsOf(x).map(({ concept }) => concept));
  const shared = meaningsOf(y).find(({ concept }) => concepts.has(concept));
  if (shared === undefined) return [];
  const text = `The patient has said that they must not have “${y.name}”; “${x.name}” is, or belongs to, the same.`;
  const between = [x.name, y.name] as const;
  return [
    { key: keyOf('allergy', x, y), kind: 'allergy', severity: 'severe', between, text, source: null, pair: null },
  ];
};

const togetherHit = (x: Subject, y: Subject, meaningsOf: Means, known: ReadonlyMap<string, Pair>): Hit[] => {
  const between = [x.name, y.name] as const;
  const ours = meaningsOf(x);
  const theirs = meaningsOf(y);
  const ingredients = new Set(ours.filter(({ isClass }) => !isClass).map(({ concept }) => concept));
  const twice = theirs.find(({ concept, isClass }) => !isClass && ingredients.has(concept));
  const hits: Hit[] =
    twice === undefined
      ? []
      : [
          {
            ...{ key: keyOf('duplicate', x, y), kind: 'duplicate', severity: 'moderate', between, source: null },
            text: `“${x.name}” and “${y.name}” hold the same ingredient${y.from === 'item' ? '' : ', which the patient has already'}.`,
            pair: [twice.concept, twice.concept],
          },
        ];
  for (const { concept: a } of ours) {
    for (const { concept: b } of theirs) {
      const pair = known.get(a <= b ? `${a}\n${b}` : `${b}\n${a}`);
      if (pair === undefined) continue;
      const { severity, text, source } = pair;
      hits.push({
        ...{ key: keyOf('interaction', x, y), kind: 'interaction', severity, between, text, source },
        pair: [pair.a, pair.b],
      });
    }
  }
  return hits;
};
