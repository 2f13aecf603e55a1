import { asked, type PageApi, type wanted } from '../api.ts';
import type { Visit } from '../visit.tsx';

const ask = (visit: Visit, id: string) => visit.api.clinics[':id'].$get({ param: { id } });
type Clinic = Awaited<ReturnType<typeof wanted<ReturnType<PageApi['clinics'][':id']['$get']>>>>;

/** The clinic that a visit is in; `null` of a visit by video, and when there is nothing to be had. */
export const clinicOf = async (
  visit: Visit,
  { mode, clinicId }: { readonly mode: string; readonly clinicId?: string | null | undefined },
): Promise<Clinic | null> => {
  if (mode === 'video' || clinicId == null) return null;
  const found = await asked(ask(visit, clinicId));
  return found.ok ? found.value : null;
};

/** Where a clinic is, and how it is reached, as far as it says. */
export interface Reach {
  readonly address: string;
  readonly city: string;
  readonly phone?: string | null;
  readonly email?: string | null;
}

/** The lines under the name of a clinic: street and city, and what to call or write to. */
export const Address = ({ of: { address, city, phone = null, email = null } }: { readonly of: Reach }) => (
  <>
    <br />
    {address}, {city}
    {phone === null ? null : (
      <>
        <br />
        <a href={`tel:${phone}`}>{phone}</a>
      </>
    )}
    {email === null ? null : (
      <>
        <br />
        <a href={`mailto:${email}`}>{email}</a>
      </>
    )}
  </>
);
