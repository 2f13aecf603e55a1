import { asked } from '../api.ts';
import type { Appointment } from '../book/appointment.ts';
import { ActionButton } from '../components/form.tsx';
import { Note } from '../components/parts.tsx';
import { dateText, dayText, timeText } from '../money-and-time.ts';
import { Medicine } from '../records/medicine.tsx';
import type { Visit } from '../visit.tsx';
import { appointmentWords } from './words.ts';

const mayHaveOne: readonly string[] = ['awaiting_approval', 'confirmed', 'completed'];

/**
 * What there is to a visit: documents that are brought, the doctor's note, what was prescribed, and what is to follow.
 * `null` where there can be nothing; a problem where it cannot be read now, which hides nothing else of the page.
 */
export const summaryOf = async (visit: Visit, { id, status }: Appointment) =>
  mayHaveOne.includes(status) ? asked(visit.api.appointments[':id'].summary.$get({ param: { id } })) : null;

type Asked = NonNullable<Awaited<ReturnType<typeof summaryOf>>>;
type Summary = Extract<Asked, { ok: true }>['value'];

/** What came of a visit. */
export const Afterwards = ({
  visit,
  of,
  summary,
}: {
  readonly visit: Visit;
  readonly of: Appointment;
  readonly summary: Asked | null;
}) => {
  const { locale } = visit.reader;
  const words = appointmentWords[locale].after;
  if (summary === null) return null;
  if (!summary.ok)
    return (
      <Note tone="warn">
        <p>{words.unread}</p>
      </Note>
    );
  const { note, prescriptions, followUp } = summary.value;
  return (
    <>
      {followUp?.state === 'open' ? <FollowUp visit={visit} of={of} proposal={followUp} /> : null}
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
                {items.map((item) => (
                  <li>
                    <Medicine of={item} />
                  </li>
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
  readonly note: NonNullable<Summary['note']>;
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
  readonly proposal: NonNullable<Summary['followUp']>;
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
