import type { Child } from 'hono/jsx';
import { Icon } from '../../components/icon.tsx';
import { Facts, Note } from '../../components/parts.tsx';
import { dayText } from '../../money-and-time.ts';
import type { Profile, Shown } from './read.ts';
import { visitWords } from './words.ts';

/** Who the patient is, and what must not be overlooked: allergies stand first, and are never hidden. */
export const Summary = ({ shown, profile }: { readonly shown: Shown; readonly profile: Profile }) => {
  const { visit } = shown;
  const { locale } = visit.reader;
  const words = visitWords[locale].summary;
  const { birthDate, sex, bloodGroup, allergies = [], conditions = [], medications = [] } = profile;
  const contact = profile.emergencyContact;
  return (
    <section class="card" aria-labelledby="patient">
      <h2 id="patient">{words.title}</h2>
      {allergies.length === 0 ? (
        <p class="soft">{words.noAllergies}</p>
      ) : (
        <Note tone="bad">
          <p>
            <Icon name="alert" /> <strong>{words.allergies}</strong>
          </p>
          <ul>
            {allergies.map(({ name, severity, note }) => (
              <li>
                {name}
                {severity === null ? '' : ` (${words.severities[severity]})`}
                {note === null ? '' : `: ${note}`}
              </li>
            ))}
          </ul>
        </Note>
      )}
      <Facts
        of={[
          [
            words.born,
            birthDate === null
              ? words.nothing
              : `${dayText(`${birthDate}T00:00:00Z`, 'UTC', locale)} (${words.age(yearsSince(birthDate))})`,
          ],
          [words.sex, sex === null ? words.nothing : (words.sexes[sex] ?? sex)],
          [words.blood, bloodGroup ?? null],
          [words.conditions, listed(conditions) ?? words.nothing],
          [words.medications, listed(medications) ?? words.nothing],
          [words.contact, contact === null ? null : `${contact.name} (${contact.relation}), ${contact.phone}`],
        ]}
      />
    </section>
  );
};

const listed = (items: readonly { readonly name: string; readonly note: string | null }[]): Child | null =>
  items.length === 0 ? null : (
    <ul class="plain-list">
      {items.map(({ name, note }) => (
        <li>
          {name}
          {note === null ? '' : `: ${note}`}
        </li>
      ))}
    </ul>
  );

const yearsSince = (birthDate: string): number => {
  const today = new Date().toISOString().slice(0, 10);
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
};
