import type { InferResponseType } from 'hono/client';
import { asked, type PageApi, type Problem, problemFor, wanted } from '../../api.ts';
import { Field, Select } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Facts } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import type { Visit } from '../../visit.tsx';
import { can } from '../gate.ts';
import { officeWords } from '../words/words.ts';
import { ClinicTabs, ListTabs } from './frame.tsx';
import { HoursFields, hoursIn } from './hours.tsx';

type Clinic = InferResponseType<PageApi['clinics'][':id']['$get'], 200>;

/** A clinic's details, to change for who may; without an id, a new one. */
export const clinicPage = async (
  visit: Visit,
  id: string | null,
  problem: Problem | null = null,
): Promise<Response> => {
  const words = officeWords[visit.reader.locale].clinics;
  const { api } = visit;
  const clinic = id === null ? null : await wanted(api.clinics[':id'].$get({ param: { id } }));
  const [place, organizations] = await Promise.all([
    clinic?.locationId == null ? null : asked(api.locations[':id'].$get({ param: { id: clinic.locationId } })),
    wanted(api.organizations.$get({ query: { limit: '100' } as never })),
  ]);
  const path = id === null ? '/admin/clinics/new' : `/admin/clinics/${id}`;
  const placeName = place?.ok ? place.value.name : '';
  return formPage(
    visit,
    {
      ...{ title: clinic?.name ?? words.create, at: 'clinics', problem },
      lead: clinic === null ? undefined : `${clinic.address}, ${clinic.city}`,
      above: id === null ? <ListTabs visit={visit} at={path} /> : <ClinicTabs visit={visit} id={id} at={path} />,
    },
    can(visit, 'clinic.edit') ? (
      <Fields visit={visit} {...{ clinic, path, placeName, problem }} organizations={organizations.items} />
    ) : (
      <>
        <p class="soft">{words.readOnly}</p>
        <Facts
          of={[
            [words.form.phone, clinic?.phone ?? null],
            [words.form.email, clinic?.email ?? null],
            [words.form.place, placeName],
            [words.form.timeZone, clinic?.timeZone ?? null],
          ]}
        />
      </>
    ),
  );
};

const Fields = ({
  visit,
  clinic,
  path,
  placeName,
  organizations,
  problem,
}: {
  readonly visit: Visit;
  readonly clinic: Clinic | null;
  readonly path: string;
  readonly placeName: string;
  readonly organizations: readonly { readonly id: string; readonly name: string }[];
  readonly problem: Problem | null;
}) => {
  const words = officeWords[visit.reader.locale].clinics.form;
  const value = (name: string, stands: string | number | null | undefined): string =>
    visit.form.has(name) ? visit.form.text(name) : String(stands ?? '');
  const line = (name: 'name' | 'address' | 'city' | 'country' | 'timeZone', label: string) => (
    <Field
      {...{ name, label, problem, required: true, maxlength: 240 }}
      value={value(name, clinic?.[name] ?? (name === 'timeZone' ? visit.reader.timeZone : null))}
    />
  );
  return (
    <Form visit={visit} action={path} class="narrow">
      {line('name', words.name)}
      {line('address', words.address)}
      {line('city', words.city)}
      {clinic === null ? line('country', words.country) : null}
      {clinic === null ? line('timeZone', words.timeZone) : null}
      <Field
        {...{ name: 'phone', type: 'tel', label: words.phone, problem, autocomplete: 'off' }}
        value={value('phone', clinic?.phone)}
      />
      <Field
        {...{ name: 'email', type: 'email', label: words.email, problem, autocomplete: 'off' }}
        value={value('email', clinic?.email)}
      />
      <Field
        {...{ name: 'place', label: words.place, hint: words.placeHint, problem, path: 'locationId' }}
        value={value('place', placeName)}
      />
      <Select
        {...{ name: 'organization', label: words.organization, problem, path: 'organizationId' }}
        value={value('organization', clinic?.organizationId)}
        options={[['', words.none], ...organizations.map(({ id, name }) => [id, name] as const)]}
      />
      <Field
        {...{ name: 'latitude', inputmode: 'decimal', label: words.latitude, problem, path: 'position.latitude' }}
        value={value('latitude', clinic?.position?.latitude)}
      />
      <Field
        {...{ name: 'longitude', inputmode: 'decimal', label: words.longitude, problem, path: 'position.longitude' }}
        value={value('longitude', clinic?.position?.longitude)}
      />
      <HoursFields visit={visit} hours={clinic?.openingHours ?? null} />
      <button type="submit">{visit.words.save}</button>
    </Form>
  );
};

/** The id of a place by its name: of several that begin so, the one that is called exactly so; `undefined` for none. */
const placeOf = async (visit: Visit, name: string): Promise<string | null | undefined> => {
  if (name === '') return null;
  const { items } = await wanted(visit.api.locations.$get({ query: { q: name, limit: '10' } as never }));
  const exact = items.find((one) =>
    [one.name, one.localName].some((known) => known?.toLowerCase() === name.toLowerCase()),
  );
  return (exact ?? (items.length === 1 ? items[0] : undefined))?.id;
};

/** Saves a clinic's details, or creates it. */
export const saveClinic = async (visit: Visit, id: string | null): Promise<Response> => {
  const { form, api } = visit;
  const locationId = await placeOf(visit, form.text('place'));
  if (locationId === undefined) {
    const { unknownPlace } = officeWords[visit.reader.locale].clinics.form;
    const fields = { locationId: unknownPlace };
    return clinicPage(visit, id, problemFor('unknown_location', unknownPlace, fields));
  }
  const [latitude, longitude] = [form.text('latitude'), form.text('longitude')];
  const details = {
    ...{ name: form.text('name'), address: form.text('address'), city: form.text('city'), locationId },
    email: form.given('email') ?? null,
    phone: form.given('phone') ?? null,
    organizationId: form.given('organization') ?? null,
    position: latitude === '' && longitude === '' ? null : { latitude: Number(latitude), longitude: Number(longitude) },
    openingHours: hoursIn(form),
  };
  if (id === null) {
    const json = { ...details, country: form.text('country'), timeZone: form.text('timeZone') };
    const made = await asked(api.clinics.$post({ json: json as never }, visit.once));
    return made.ok ? visit.go(`/admin/clinics/${made.value.id}`, 'saved') : clinicPage(visit, null, made.problem);
  }
  const saved = await asked(api.clinics[':id'].$put({ param: { id }, json: details as never }, visit.once));
  return visit.done(saved, `/admin/clinics/${id}`, 'saved', (problem) => clinicPage(visit, id, problem));
};
