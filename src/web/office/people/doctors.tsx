import { wanted } from '../../api.ts';
import { Empty, Heading, Pager, Table, Tabs } from '../../components/parts.tsx';
import { dayText, numberText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';

const states = ['submitted', 'rejected', 'unverified', 'verified'] as const;

/** Doctors by the state of their verification; who waits for it first. */
export const doctorsPage = async (visit: Visit, query: Readonly<Record<string, string>>): Promise<Response> => {
  const { reader } = visit;
  const { people } = officeWords[reader.locale];
  const words = people.doctors;
  const state = states.find((one) => one === query.state) ?? 'submitted';
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const { items, nextCursor } = await wanted(
    visit.api.admin.doctors.$get({ query: { state, limit: '25', ...cursor } as never }),
  );
  const pathOf = (one: string) => (one === 'submitted' ? '/admin/doctors' : `/admin/doctors?state=${one}`);
  return visit.show(
    { title: words.title, at: 'verification' },
    <>
      <Heading title={words.title} lead={words.lead}>
        <a class="button plain" href="/admin/doctors/new">
          {people.users.newDoctor}
        </a>
      </Heading>
      <Tabs
        label={words.tabsLabel}
        at={pathOf(state)}
        tabs={states.map((one) => [pathOf(one), words.tabs[one]] as const)}
      />
      {items.length === 0 ? (
        <Empty icon="check" title={state === 'submitted' ? words.noneSubmitted : words.none} />
      ) : (
        <Table
          stacks
          caption={words.caption}
          head={[words.name, words.speciality, words.licence, words.documents, words.since]}
          rows={items.map((doctor) => [
            <a href={`/admin/doctors/${doctor.doctorId}`}>{doctor.fullName}</a>,
            doctor.specialization,
            doctor.licenseNumber,
            numberText(doctor.documents, reader.locale),
            dayText(doctor.since, reader.timeZone ?? 'UTC', reader.locale),
          ])}
        />
      )}
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};
