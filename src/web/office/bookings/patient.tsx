import { addDays } from '../../../domain/local-date.ts';
import { asked, wanted } from '../../api.ts';
import { Empty, Facts, Heading, StatusBadge } from '../../components/parts.tsx';
import { Instant } from '../../components/time.tsx';
import { dayText, moneyText, timeText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { todayIn } from '../dates.ts';
import { can } from '../gate.ts';
import { type Booking, isLive, pathOf, pathOfPatient, wordsFor } from './calls.ts';
import { Bookings } from './rows.tsx';

const pastDays = 183;

/** Everything of one patient on one screen: what is to come with what can be done to it, and the past half year. */
export const patientPage = async (visit: Visit, patientId: string): Promise<Response> => {
  const { api, reader } = visit;
  const words = wordsFor(visit);
  const today = todayIn(reader.timeZone);
  const of = (range: object) => wanted(api.appointments.$get({ query: { patientId, ...range } as never }));
  const [coming, past, account, profile] = await Promise.all([
    of({ from: addDays(today, -1), limit: '50' }),
    of({ from: addDays(today, -pastDays), to: today, limit: '50', order: 'newest' }),
    can(visit, 'user.read') ? asked(api.admin.users[':id'].$get({ param: { id: patientId } })) : null,
    can(visit, 'profile.read') ? asked(api.patients[':id'].profile.$get({ param: { id: patientId } })) : null,
  ]);
  const now = new Date().toISOString();
  const ahead = coming.items.filter((item) => isLive(item) && item.endsAt > now);
  const behind = past.items.filter((item) => !ahead.some(({ id }) => id === item.id));
  const known = account?.ok ? account.value : null;
  const called =
    known?.fullName ?? [...coming.items, ...past.items].find(({ patientName }) => patientName)?.patientName ?? null;
  const name = called ?? words.patient.somebody;
  const seen = called === null ? null : await seenBy(visit, patientId, called);
  const born = (profile?.ok ? profile.value.birthDate : null) ?? seen?.birthDate ?? null;
  return visit.show(
    { title: words.patient.title(name), at: 'bookings' },
    <>
      <Heading title={words.patient.title(name)}>
        <a class="button" href={`/admin/appointments/book?patient=${patientId}`}>
          {words.patient.book}
        </a>
      </Heading>
      <Facts
        of={[
          [words.patient.birthDate, born === null ? null : dayText(`${born}T00:00:00Z`, 'UTC', reader.locale)],
          [
            words.patient.contact,
            [known?.phone ?? seen?.phone, known?.email ?? seen?.email].filter((part) => part).join(' · '),
          ],
          [
            words.patient.guardian,
            seen === null || seen.guardianId === null ? null : (
              <a href={pathOfPatient(seen.guardianId)}>{seen.guardianName}</a>
            ),
          ],
        ]}
      />
      <h2>{words.patient.coming}</h2>
      {ahead.length === 0 ? <Empty title={words.patient.nothingComing} /> : null}
      <ul class="cards">
        {ahead.map((item) => (
          <Coming visit={visit} item={item} />
        ))}
      </ul>
      <h2>{words.patient.past}</h2>
      {behind.length === 0 ? (
        <p class="soft">{words.patient.nothingPast}</p>
      ) : (
        <Bookings visit={visit} caption={words.patient.past} items={behind} />
      )}
    </>,
  );
};

/** What the front desk's search tells of a patient: of a child also the birth date and who answers for them. */
const seenBy = async (visit: Visit, id: string, name: string) => {
  if (!can(visit, 'patient.search')) return null;
  const found = await asked(visit.api.patients.search.$post({ json: { name } }));
  return found.ok ? (found.value.items.find((one) => one.id === id) ?? null) : null;
};

const Coming = ({ visit, item }: { readonly visit: Visit; readonly item: Booking }) => {
  const { patient } = wordsFor(visit);
  const about = patient.about(timeText(item.startsAt, item.timeZone, visit.reader.locale));
  const ways = [
    ['', patient.open],
    ...(isLive(item)
      ? ([
          ['move', patient.move],
          ['cancel', patient.cancel],
        ] as const)
      : []),
  ] as const;
  return (
    <li class="card">
      <h3>
        <Instant visit={visit} at={item.startsAt} timeZone={item.timeZone} withZone />
      </h3>
      <p>
        {item.doctorName} · {item.clinicName ?? visit.words.modes[item.mode] ?? item.mode} ·{' '}
        {moneyText(item.consultationFee, visit.reader.locale)} <StatusBadge visit={visit} status={item.status} />
      </p>
      <p class="actions">
        {ways.map(([step, text]) => (
          <a
            class={step === 'cancel' ? 'button danger' : 'button plain'}
            href={pathOf(item.id, step)}
            aria-label={`${text}: ${about}`}
          >
            {text}
          </a>
        ))}
      </p>
    </li>
  );
};
