import { problemFor, Unanswered, wanted } from '../api.ts';
import { Tabs } from '../components/parts.tsx';
import type { NavigationKey } from '../navigation.ts';
import type { Visit } from '../visit.tsx';
import { recordWords } from './words.ts';

/** Whose record it is, and where its pages are. */
export interface Whose {
  readonly id: string;
  /** Of a dependant; `null` of who is signed in. */
  readonly name: string | null;
  /** `/records`, or `/family/<id>/records`. */
  readonly base: string;
  readonly at: NavigationKey;
}

/** The record of who is signed in. */
export const mine = async (visit: Visit): Promise<Whose> => ({
  ...{ id: visit.who?.id ?? '', name: null, base: '/records', at: 'records' },
});

/** Somebody for whom who is signed in acts. Throws `not_found` for everybody else. */
export const dependantOf = async (visit: Visit, id: string) => {
  const { items } = await wanted(visit.api.users.me.dependants.$get());
  const found = items.find((one) => one.id === id);
  if (found === undefined) throw new Unanswered(problemFor('not_found'));
  return found;
};

/** The record of a dependant. */
export const theirs = async (visit: Visit, id: string): Promise<Whose> => {
  const { fullName } = await dependantOf(visit, id);
  return { id, name: fullName, base: `/family/${id}/records`, at: 'family' };
};

/** The views of a record. */
export const RecordTabs = ({
  visit,
  whose,
  at,
}: {
  readonly visit: Visit;
  readonly whose: Whose;
  readonly at: string;
}) => {
  const { tabs } = recordWords[visit.reader.locale];
  return (
    <Tabs
      label={tabs.label}
      at={`${whose.base}${at}`}
      tabs={[
        [whose.base, tabs.record],
        [`${whose.base}/about`, tabs.about],
        [`${whose.base}/documents`, tabs.documents],
        [`${whose.base}/prescriptions`, tabs.prescriptions],
      ]}
    />
  );
};
