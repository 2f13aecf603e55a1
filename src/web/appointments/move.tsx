import { parseSlotId } from '../../domain/ids.ts';
import { addDays, parseLocalDate, utcDate } from '../../domain/local-date.ts';
import { asked, type Problem, problemFor, wanted } from '../api.ts';
import { type Appointment, appointmentOf } from '../book/appointment.ts';
import { chosenSlot } from '../book/slot.tsx';
import { bookWords } from '../book/words.ts';
import { Form } from '../components/form.tsx';
import { Icon, VideoKey } from '../components/icon.tsx';
import { Facts, Meanwhile, Note } from '../components/parts.tsx';
import { Instant } from '../components/time.tsx';
import { formPage } from '../form-page.tsx';
import { clockText, dateText, moneyText, timeText, zoneText } from '../money-and-time.ts';
import { moneyShown, ShownMoney } from '../shown-money.tsx';
import type { Visit } from '../visit.tsx';
import { feeThere, isSameFee } from './fee-there.ts';
import { appointmentWords } from './words.ts';

const daysShown = 7;
/** What is refused when another time would do. */
const lostTo: readonly string[] = ['slot_full', 'resource_unavailable', 'slot_not_found', 'outside_booking_window'];

/** How and where a visit is. */
interface Kind {
  readonly mode: string;
  readonly clinicId?: string | null | undefined;
}

/** In words: the mode, and the clinic where the doctor has several or the visit is in one. */
const kindText = (visit: Visit, { mode, clinicId }: Kind, clinics: readonly { id: string; name: string }[]): string => {
  const clinic = mode === 'video' ? undefined : clinics.find(({ id }) => id === clinicId);
  return [visit.words.modes[mode] ?? mode, ...(clinic === undefined ? [] : [clinic.name])].join(', ');
};

/**
 * A week of what is free with the same doctor, from a local date (YYYY-MM-DD) on; without one, from the appointment's.
 *
 * @param lost a slot that was just refused: the copy that free times are read from may be a moment behind, and show it
 */
export const movePage = async (
  visit: Visit,
  id: string,
  wish: string | undefined,
  problem: Problem | null = null,
  lost: string | null = null,
): Promise<Response> => {
  const { api, reader } = visit;
  const words = appointmentWords[reader.locale].move;
  const appointment = await appointmentOf(visit, id);
  const { doctorId, startsAt, timeZone, slotId } = appointment;
  const today = utcDate(Date.now());
  const own = parseSlotId(slotId)?.day.date ?? today;
  const asFrom = (wish === undefined ? null : parseLocalDate(wish)) ?? own;
  const from = asFrom < today ? today : asFrom;
  const [{ clinics, modes }, { days }] = await Promise.all([
    wanted(api.doctors[':id'].$get({ param: { id: doctorId } })),
    wanted(
      api.doctors[':id'].availability.$get({
        param: { id: doctorId },
        query: { from, to: addDays(from, daysShown - 1), include: 'slots' },
      }),
    ),
  ]);
  const isSpelt = clinics.length > 1;
  const isMarked = modes.length > 1 || isSpelt;
  const kind = (of: Kind) => kindText(visit, of, isSpelt ? clinics : []);
  const free = days
    .map(({ date, freeSlots = [] }) => ({
      date,
      slots: freeSlots.filter((one) => one.id !== slotId && one.id !== lost),
    }))
    .filter(({ slots }) => slots.length > 0);
  const here = `/appointments/${id}/reschedule`;
  const isLost = problem !== null && lostTo.includes(problem.code);
  return formPage(
    visit,
    { title: words.title, lead: words.lead, problem: isLost ? null : problem, at: 'appointments' },
    <>
      {isLost ? <Meanwhile>{words.lost}</Meanwhile> : null}
      <p>
        {words.now}{' '}
        <span class="moment">
          <Instant visit={visit} at={startsAt} timeZone={timeZone} />
        </span>
        {' · '}
        {kindText(visit, appointment, clinics)}
      </p>
      <h2 id="times">{words.days}</h2>
      <p class="soft">
        {visit.words.inZone(zoneText(timeZone, reader.locale, startsAt))}
        {modes.length < 2 ? null : (
          <>
            {' '}
            <VideoKey visit={visit} />
          </>
        )}
      </p>
      <nav class="row turn" aria-labelledby="times">
        {from > today ? (
          <a class="button plain" href={`${here}?from=${addDays(from, -daysShown)}`}>
            {words.earlier}
          </a>
        ) : null}
        <a class="button plain" href={`${here}?from=${addDays(from, daysShown)}`}>
          {words.later}
        </a>
      </nav>
      {free.length === 0 ? <p>{words.nothing}</p> : null}
      <ul class="cards many">
        {free.map(({ date, slots }) => (
          <li class="card">
            <h3>{dateText(date, reader.locale)}</h3>
            <ul class={isSpelt ? 'row' : 'slots'}>
              {slots.map((slot) => (
                <li>
                  <a
                    class="slot"
                    href={`${here}/${slot.id}`}
                    aria-label={[
                      words.choose(timeText(slot.startsAt, timeZone, reader.locale)),
                      ...(isMarked ? [kind(slot)] : []),
                    ].join(', ')}
                  >
                    {clockText(slot.startsAt, timeZone, reader.locale)}
                    {slot.mode === 'video' && isMarked ? <Icon name="video" /> : null}
                    {isSpelt ? <span class="soft"> {kind(slot)}</span> : null}
                  </a>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      <p>
        <a href={`/appointments/${id}`}>{words.keep}</a>
      </p>
    </>,
  );
};

/** A patient moves an appointment among the times of its doctor: its page names no other. */
const slotOfDoctor = (slot: string, { doctorId }: Appointment) => {
  const to = parseSlotId(slot);
  return to?.day.doctorId === doctorId ? to : null;
};

/**
 * From where to where, and what it costs there, before it is done.
 *
 * @param isDearer whether the fee became another after the page had been shown
 */
export const moveToPage = async (visit: Visit, id: string, slot: string, isDearer = false): Promise<Response> => {
  const { locale } = visit.reader;
  const words = appointmentWords[locale].move;
  const appointment = await appointmentOf(visit, id);
  const to = slotOfDoctor(slot, appointment);
  if (to === null) return visit.go(`/appointments/${id}/reschedule`);
  const chosen = await chosenSlot(visit, slot);
  const { slot: free, doctor } = chosen;
  const { timeZone, startsAt, consultationFee } = appointment;
  if (free === null) return movePage(visit, id, to.day.date, problemFor('slot_full'), slot);
  const at = (instant: string, kind: Kind, withZone: boolean) => (
    <>
      <span class="moment">
        <Instant visit={visit} at={instant} timeZone={timeZone} withZone={withZone} />
      </span>
      <br />
      {kindText(visit, kind, doctor.clinics)}
    </>
  );
  const toVideo = free.mode === 'video';
  const changed =
    free.mode !== appointment.mode
      ? words[toVideo ? 'becomesVideo' : 'becomesClinic']
      : !toVideo && free.clinicId !== appointment.clinicId
        ? words.otherClinic(doctor.clinics.find(({ id: one }) => one === free.clinicId)?.name ?? '')
        : null;
  const fee = feeThere(appointment, chosen);
  const feeChanged = isSameFee(fee, consultationFee)
    ? null
    : words.feeChanges(moneyText(consultationFee, locale), moneyText(fee, locale));
  return formPage(
    visit,
    {
      ...{ title: words.confirmTitle, at: 'appointments' },
      ...(isDearer ? { status: 409, above: <Meanwhile>{words.feeMeanwhile}</Meanwhile> } : {}),
    },
    <>
      <Facts
        of={[
          [bookWords[visit.reader.locale].facts.doctor, appointment.doctorName ?? null],
          [words.from, at(startsAt, appointment, false)],
          [words.to, at(free.startsAt, free, true)],
        ]}
      />
      {changed === null && feeChanged === null ? null : (
        <Note tone="warn">
          {[changed, feeChanged].map((said) =>
            said === null ? null : (
              <p>
                <strong>{said}</strong>
              </p>
            ),
          )}
        </Note>
      )}
      <Form visit={visit} action={`/appointments/${id}/reschedule/${slot}`}>
        <ShownMoney name="fee" of={fee} />
        <p class="row">
          <button type="submit">{words.button}</button>
          <a class="button plain" href={`/appointments/${id}/reschedule?from=${to.day.date}`}>
            {words.other}
          </a>
          <a href={`/appointments/${id}`}>{words.keep}</a>
        </p>
      </Form>
      {appointment.status === 'pending' ? (
        <Note>
          <p>{bookWords[visit.reader.locale].details.holdHint}</p>
        </Note>
      ) : null}
    </>,
  );
};

/** Moves it there. Who was too late chooses again; whom it would cost more than the page said is asked again. */
export const move = async (visit: Visit, id: string, slotId: string): Promise<Response> => {
  const { api, once, form } = visit;
  const appointment = await appointmentOf(visit, id);
  const to = slotOfDoctor(slotId, appointment);
  if (to === null) return visit.go(`/appointments/${id}/reschedule`);
  const fee = feeThere(appointment, await chosenSlot(visit, slotId));
  const shown = moneyShown(form, 'fee') ?? appointment.consultationFee;
  if (fee.amount > shown.amount || fee.currency !== shown.currency) return moveToPage(visit, id, slotId, true);
  const outcome = await asked(
    api.appointments[':id'].reschedule.$post({ param: { id }, header: once.headers, json: { slotId } }),
  );
  return visit.done(outcome, `/appointments/${id}`, 'moved', (problem) =>
    movePage(visit, id, to.day.date, problem, lostTo.includes(problem.code) ? slotId : null),
  );
};
