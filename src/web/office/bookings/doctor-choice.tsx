import { wanted } from '../../api.ts';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Empty } from '../../components/parts.tsx';
import { moneyText, timeText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { wordsFor } from './calls.ts';

/** The form that finds a doctor; its address keeps what is known already. */
export const DoctorFind = ({
  visit,
  action,
  q,
  kept = {},
}: {
  readonly visit: Visit;
  readonly action: string;
  readonly q: string | undefined;
  readonly kept?: Readonly<Record<string, string>>;
}) => {
  const words = wordsFor(visit).book;
  return (
    <search>
      <form method="get" action={action} class="row">
        {Object.entries(kept).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <div class="grow">
          <Field
            {...{ name: 'q', type: 'search', maxlength: 100, autocomplete: 'off', value: q }}
            label={words.doctor}
          />
        </div>
        <button type="submit">
          <Icon name="search" /> {words.find}
        </button>
      </form>
    </search>
  );
};

/** Doctors by words, those who are free soonest first. */
export const doctorsBy = async (visit: Visit, q: string | undefined) =>
  (await wanted(visit.api.doctors.$get({ query: { limit: '12', sort: 'soonest', ...(q ? { q } : {}) } as never })))
    .items;

/** Doctors who are found, each with the next free time and the way to choose them. */
export const DoctorChoice = ({
  visit,
  path,
  items,
  kept = {},
}: {
  readonly visit: Visit;
  readonly path: string;
  readonly items: Awaited<ReturnType<typeof doctorsBy>>;
  readonly kept?: Readonly<Record<string, string>>;
}) => {
  const words = wordsFor(visit);
  const { locale } = visit.reader;
  if (items.length === 0) return <Empty icon="search" title={words.book.none} />;
  return (
    <ul class="cards many">
      {items.map((doctor) => (
        <li class="card">
          <h2>{doctor.fullName}</h2>
          <p>
            {doctor.specialization} · {moneyText(doctor.consultationFee, locale)}
          </p>
          <p class="soft">
            {doctor.nextAvailableAt === null
              ? words.book.nothingFree
              : words.slots.next(timeText(doctor.nextAvailableAt, doctor.timeZone, locale))}
          </p>
          <p>
            <a
              class="button plain"
              href={`${path}?${new URLSearchParams({ ...kept, doctor: doctor.id })}`}
              aria-label={words.book.chooseDoctor(doctor.fullName)}
            >
              {words.book.choose}
            </a>
          </p>
        </li>
      ))}
    </ul>
  );
};
