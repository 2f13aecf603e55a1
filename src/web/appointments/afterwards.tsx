import { asked, wanted } from '../api.ts';
import type { Appointment } from '../book/appointment.ts';
import { ActionButton } from '../components/form.tsx';
import { Note } from '../components/parts.tsx';
import { dateText, dayText, timeText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { appointmentWords } from './words.ts';

const many = '100';
const dayMs = 86_400_000;

/** What came of a visit: the doctor's note, what was prescribed, and the visit that is proposed to follow. */
export const afterwardsOf = async (visit: Visit, { id, patientId, status, startsAt }: Appointment) => {
  // Who is called in has begun before their time.
  const isNear = Date.parse(startsAt) - Date.now() < dayMs;
  const mayHaveBegun = status === 'completed' || (status === 'confirmed' && isNear);
  if (!mayHaveBegun) return null;
  const { api } = visit;
  const [note, prescriptions, proposals] = await Promise.all([
    asked(api.appointments[':id'].note.$get({ param: { id } })),
    asked(api.patients[':id'].prescriptions.$get({ param: { id: patientId }, query: { limit: many } })),
    asked(api['follow-ups'].$get({ query: { limit: many } })),
  ]);
  const proposal = proposals.ok
    ? proposals.value.items.find(({ appointmentId, state }) => appointmentId === id && state === 'open')
    : undefined;
  return {
    note: note.ok ? note.value : null,
    prescriptions: prescriptions.ok
      ? prescriptions.value.items.filter(({ appointmentId }) => appointmentId === id)
      : [],
    proposal:
      proposal === undefined ? null : await wanted(api['follow-ups'][':id'].$get({ param: { id: proposal.id } })),
  };
};

type Known = NonNullable<Awaited<ReturnType<typeof afterwardsOf>>>;

/** What came of a visit. */
export const Afterwards = ({
  visit,
  of,
  known,
}: {
  readonly visit: Visit;
  readonly of: Appointment;
  readonly known: Known | null;
}) => {
  const { locale } = visit.reader;
  const words = appointmentWords[locale].after;
  if (known === null) return null;
  const { note, prescriptions, proposal } = known;
  return (
    <>
      {proposal === null ? null : <FollowUp visit={visit} of={of} proposal={proposal} />}
      {note === null ? null : <VisitNote visit={visit} note={note} timeZone={of.timeZone} />}
      {prescriptions.length === 0 ? null : (
        <section aria-labelledby="prescriptions">
          <h2 id="prescriptions">{words.prescriptions}</h2>
          {prescriptions.map(({ id, issuedAt, items }) => (
            <>
              <p>
                <a href={`/api/v1/prescriptions/${id}/prescription.pdf`}>
                  {words.prescription(dayText(issuedAt, of.timeZone, locale))}
                </a>{' '}
                <span class="soft">{words.pdf}</span>
              </p>
              <ul>
                {items.map(({ drug, strength, dose, frequency, duration }) => (
                  <li>{[drug, strength, dose, frequency, duration].filter((part) => part !== null).join(', ')}</li>
                ))}
              </ul>
            </>
          ))}
        </section>
      )}
    </>
  );
};

const VisitNote = ({
  visit,
  note,
  timeZone,
}: {
  readonly visit: Visit;
  readonly note: NonNullable<Known['note']>;
  readonly timeZone: string;
}) => {
  const { locale } = visit.reader;
  const words = appointmentWords[locale].after;
  const [newest] = note.versions;
  if (newest === undefined) return null;
  return (
    <section aria-labelledby="note">
      <h2 id="note">{words.note}</h2>
      <p class="soft">
        {newest.version > 1 ? `${words.amended}, ` : ''}
        {timeText(newest.writtenAt, timeZone, locale)}
      </p>
      <p class="lines">{newest.text}</p>
      {newest.diagnoses.length === 0 ? null : (
        <>
          <h3>{words.diagnoses}</h3>
          <ul>
            {newest.diagnoses.map(({ code, text }) => (
              <li>
                {text} {code === null ? null : <span class="soft">({code})</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
};

const FollowUp = ({
  visit,
  of,
  proposal,
}: {
  readonly visit: Visit;
  readonly of: Appointment;
  readonly proposal: NonNullable<Known['proposal']>;
}) => {
  const { locale } = visit.reader;
  const words = appointmentWords[locale].after;
  const { id, from, to, note, slots } = proposal;
  return (
    <section aria-labelledby="follow-up">
      <h2 id="follow-up">{words.followUp}</h2>
      <p>{words.followUpDates(dateText(from, locale), dateText(to, locale))}</p>
      {note === null || note === '' ? null : (
        <Note>
          <p>{note}</p>
        </Note>
      )}
      {slots.length === 0 ? <p>{words.noSlots}</p> : null}
      <ul class="slots">
        {slots.map(({ id: slot, startsAt }) => (
          <li>
            <a
              class="button plain"
              href={`/book/${slot}${of.patientId === visit.who?.id ? '' : `?for=${of.patientId}`}`}
            >
              {words.book(timeText(startsAt, of.timeZone, locale))}
            </a>
          </li>
        ))}
      </ul>
      <div class="row">
        <a class="button plain" href={`/doctors/${of.doctorId}?from=${from}#times`}>
          {words.allTimes}
        </a>
        <ActionButton visit={visit} action={`/appointments/${of.id}/follow-up/decline`} fields={{ proposal: id }}>
          {words.decline}
        </ActionButton>
      </div>
    </section>
  );
};
