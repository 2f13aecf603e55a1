import type { Problem } from '../api.ts';
import { formPage } from '../form-page.tsx';
import type { Visit } from '../visit.tsx';
import { DetailsForm, detailsOf, patientProfile, saveProfileOf } from './details.tsx';
import { AccountTabs } from './tabs.tsx';
import { accountWords } from './words.ts';

const path = '/account/details';

/** What a patient says of themselves for the front desk: birth, sex, whom to call, insurance. */
export const ownDetailsPage = async (visit: Visit, problem: Problem | null = null): Promise<Response> => {
  const { details: words } = accountWords[visit.reader.locale];
  const profile = await patientProfile(visit, 'me');
  const above = <AccountTabs visit={visit} at={path} />;
  return formPage(
    visit,
    { title: words.title, lead: words.lead, at: 'account', problem, above },
    <DetailsForm visit={visit} action={path} profile={profile} problem={problem} />,
  );
};

/** Saves them. */
export const saveOwnDetails = async (visit: Visit): Promise<Response> => {
  const outcome = await saveProfileOf(visit, 'me', detailsOf(visit.form));
  return visit.done(outcome, path, 'saved', (problem) => ownDetailsPage(visit, problem));
};
