import { wanted } from '../../api.ts';
import { Empty, Heading, Pager, Table } from '../../components/parts.tsx';
import { dayText, shortDateText, timeText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { doctorNow } from '../week/read.ts';
import { standingWords } from './words.ts';

/** Who waits for a time of the doctor, in the order of the line. */
export const waitingPage = async (visit: Visit, cursor: string | undefined): Promise<Response> => {
  const { reader, api } = visit;
  const { locale } = reader;
  const words = standingWords[locale].waiting;
  const { doctor } = await doctorNow(visit);
  const query = { limit: '50', ...(cursor === undefined ? {} : { cursor }) };
  const line = await wanted(api.doctors[':id'].waitlist.$get({ param: { id: doctor.id }, query: query as never }));
  return visit.show(
    { title: words.title, at: 'patientsWaiting' },
    <>
      <Heading title={words.title} lead={words.lead} />
      {line.items.length === 0 ? (
        <Empty icon="people" title={words.empty}>
          <a class="button plain" href="/week">
            {words.emptyDo}
          </a>
        </Empty>
      ) : (
        <Table
          stacks
          caption={words.title}
          head={[words.patient, words.dates, words.part, words.mode, words.since, words.offers]}
          rows={line.items.map(({ patientName, from, to, part, mode, joinedAt, offers }) => [
            patientName ?? words.nameless,
            from === to ? shortDateText(from, locale) : `${shortDateText(from, locale)} – ${shortDateText(to, locale)}`,
            words.parts[part] ?? part,
            mode === null ? visit.words.any : (visit.words.modes[mode] ?? mode),
            dayText(joinedAt, doctor.timeZone, locale),
            offers.map(({ startsAt }) => timeText(startsAt, doctor.timeZone, locale)).join(', ') || visit.words.none,
          ])}
        />
      )}
      <Pager visit={visit} nextCursor={line.nextCursor} />
    </>,
  );
};
