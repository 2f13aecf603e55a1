import type { Appointment } from '../book/appointment.ts';
import { Icon } from '../components/icon.tsx';
import type { Visit } from '../visit.tsx';
import { appointmentWords } from './words.ts';

/** What a patient can do about an appointment, each on a page of its own. */
export const Actions = ({
  visit,
  of: { id, status, startsAt, doctorId },
  isCalledIn,
}: {
  readonly visit: Visit;
  readonly of: Appointment;
  readonly isCalledIn: boolean;
}) => {
  const words = appointmentWords[visit.reader.locale].act;
  const isLive = status === 'awaiting_approval' || status === 'confirmed';
  const isToCome = !isCalledIn && Date.parse(startsAt) > Date.now();
  return (
    <>
      <h2 class="unseen">{words.title}</h2>
      <ul class="row">
        {isLive ? (
          <>
            <li>
              <a class="button plain" href={`/api/v1/appointments/${id}/invite.ics`} download>
                <Icon name="calendar" /> {words.calendar}
              </a>
            </li>
            {isToCome ? (
              <li>
                <a class="button plain" href={`/appointments/${id}/reschedule`}>
                  <Icon name="clock" /> {words.move}
                </a>
              </li>
            ) : null}
            <li>
              <a class="button plain" href={`/appointments/${id}/reason`}>
                {words.reason}
              </a>
            </li>
            {isToCome ? (
              <li>
                <a class="button danger" href={`/appointments/${id}/cancel`}>
                  {words.cancel}
                </a>
              </li>
            ) : null}
          </>
        ) : (
          <li>
            <a class="button plain" href={`/doctors/${doctorId}`}>
              <Icon name="calendar" /> {words.again}
            </a>
          </li>
        )}
        {status === 'completed' ? (
          <li>
            <a class="button" href={`/appointments/${id}/review`}>
              <Icon name="star" /> {words.review}
            </a>
          </li>
        ) : null}
      </ul>
    </>
  );
};
