import { DetailsForm, detailsOf, patientProfile, saveProfileOf } from '../account/details.tsx';
import { accountWords } from '../account/words.ts';
import type { Problem } from '../api.ts';
import { formPage } from '../form-page.tsx';
import { dependantOf } from '../records/whose.tsx';
import type { Visit } from '../visit.tsx';
import { familyWords } from './words.ts';

/** What a guardian says of somebody for the front desk. */
export const familyDetailsPage = async (
  visit: Visit,
  id: string,
  problem: Problem | null = null,
): Promise<Response> => {
  const { locale } = visit.reader;
  const [{ fullName }, profile] = await Promise.all([dependantOf(visit, id), patientProfile(visit, id)]);
  return formPage(
    visit,
    {
      ...{ title: familyWords[locale].detailsOf(fullName), at: 'family', problem },
      lead: accountWords[locale].details.lead,
    },
    <DetailsForm visit={visit} action={`/family/${id}/details`} profile={profile} problem={problem} />,
  );
};

/** Saves it. */
export const saveFamilyDetails = async (visit: Visit, id: string): Promise<Response> => {
  const outcome = await saveProfileOf(visit, id, detailsOf(visit.form));
  return visit.done(outcome, '/family', 'saved', (problem) => familyDetailsPage(visit, id, problem));
};
