import { wanted } from '../api.ts';
import { Icon } from '../components/icon.tsx';
import { Note } from '../components/parts.tsx';
import type { Visit } from '../visit.tsx';
import { dayWords } from './day/words.ts';
import { ownId } from './own.ts';

/** How far a doctor's verification has come, where it is not done; `null` once it is. */
export const missingOf = async (
  visit: Visit,
  verified: boolean,
): Promise<'unverified' | 'submitted' | 'rejected' | null> => {
  if (verified) return null;
  const { state } = await wanted(visit.api.doctors[':id'].verification.$get({ param: { id: ownId(visit) } }));
  return state === 'verified' ? null : state;
};

/** What a doctor who is not verified yet is told on the pages of the day. */
export const Unverified = ({ visit, missing }: { readonly visit: Visit; readonly missing: Missing }) => {
  const words = dayWords[visit.reader.locale].unverified;
  return missing === null ? null : (
    <Note tone="warn">
      <p>
        <Icon name="alert" /> {words[missing]}
      </p>
      <p>
        <a href="/practice/profile#licence">{words.do}</a>
      </p>
    </Note>
  );
};

type Missing = Awaited<ReturnType<typeof missingOf>>;
