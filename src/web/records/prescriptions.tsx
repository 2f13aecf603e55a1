import { zoneOf } from '../account/security.tsx';
import { wanted } from '../api.ts';
import { Badge, Empty, Facts, Heading, Note, Pager, Table, type Tone } from '../components/parts.tsx';
import { QrCode } from '../components/qr.tsx';
import { dayText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { RecordTabs, type Whose } from './whose.tsx';
import { recordWords } from './words.ts';

const shown = '20';
const tones: Readonly<Record<string, Tone>> = { active: 'good', cancelled: 'bad' };

const State = ({ visit, state }: { readonly visit: Visit; readonly state: string }) => (
  <Badge tone={tones[state] ?? 'plain'}>{recordWords[visit.reader.locale].prescriptions.states[state] ?? state}</Badge>
);

/** Prescriptions, the newest first. */
export const prescriptionsPage = async (visit: Visit, whose: Whose, cursor: string | undefined): Promise<Response> => {
  const { prescriptions: words, title } = recordWords[visit.reader.locale];
  const query = { limit: shown, ...(cursor === undefined ? {} : { cursor }) };
  const { items, nextCursor } = await wanted(
    visit.api.patients[':id'].prescriptions.$get({ param: { id: whose.id }, query }),
  );
  return visit.show(
    { title: words.title, at: whose.at },
    <>
      <Heading title={words.title} lead={whose.name === null ? undefined : title(whose.name)} />
      <RecordTabs visit={visit} whose={whose} at="/prescriptions" />
      {items.length === 0 ? <Empty icon="file" title={words.none} /> : null}
      <ul class="cards">
        {items.map(({ id, state, items: medicines, doctorName, issuedAt }) => (
          <li class="card">
            <h2>
              <a href={`${whose.base}/prescriptions/${id}`}>{medicines.map(({ drug }) => drug).join(', ')}</a>
            </h2>
            <p>
              <State visit={visit} state={state} />
            </p>
            <p class="soft">
              {words.by(doctorName)} · {dayText(issuedAt, zoneOf(visit), visit.reader.locale)}
            </p>
          </li>
        ))}
      </ul>
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};

/** One prescription: what to take how, and what a pharmacy scans. */
export const prescriptionPage = async (visit: Visit, whose: Whose, id: string): Promise<Response> => {
  const { prescriptions: words } = recordWords[visit.reader.locale];
  const one = await wanted(visit.api.prescriptions[':id'].$get({ param: { id } }));
  const day = (at: string): string => dayText(at, zoneOf(visit), visit.reader.locale);
  return visit.show(
    { title: words.one, at: whose.at },
    <>
      <Heading title={words.one} lead={words.by(one.doctorName)}>
        <a class="button" href={`/api/v1/prescriptions/${id}/prescription.pdf`}>
          {words.pdf}
        </a>
      </Heading>
      {one.authentic ? null : (
        <Note tone="warn">
          <p>{words.notAuthentic}</p>
        </Note>
      )}
      <p>
        <State visit={visit} state={one.state} />
      </p>
      <Facts
        of={[
          [words.issued, day(one.issuedAt)],
          [words.validUntil, day(one.validUntil)],
          [words.dispensedBy, one.dispensedAt === null ? null : `${one.dispensedBy ?? ''}, ${day(one.dispensedAt)}`],
          [words.cancelReason, one.cancelReason],
          [
            words.visit,
            <a href={`/appointments/${one.appointmentId}`}>{recordWords[visit.reader.locale].record.visit}</a>,
          ],
        ]}
      />
      <Table
        caption={words.one}
        head={[words.medicine, words.use, words.duration]}
        rows={one.items.map(({ drug, strength, form, dose, frequency, duration, notes }) => [
          [drug, strength, form].filter((part) => part !== null).join(', '),
          [`${dose}, ${frequency}`, notes].filter((part) => part !== null && part !== '').join('. '),
          duration ?? '',
        ])}
      />
      {one.scanUrl == null ? null : (
        <>
          <h2>{words.scan}</h2>
          <p>{words.scanLead}</p>
          <p>
            <QrCode text={one.scanUrl} label={words.qr} />
          </p>
        </>
      )}
    </>,
  );
};
