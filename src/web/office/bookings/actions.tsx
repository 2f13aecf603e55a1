import { ActionButton } from '../../components/form.tsx';
import type { Visit } from '../../visit.tsx';
import { dateIn, todayIn } from '../dates.ts';
import { can } from '../gate.ts';
import { type Booking, isLive, pathOf, wordsFor } from './calls.ts';

/** What can be done to an appointment as it stands now. What the API would refuse is not offered. */
export const Actions = ({
  visit,
  item,
  isHere,
  isCalled,
}: {
  readonly visit: Visit;
  readonly item: Booking;
  /** Whether the patient has checked in, and been called in. */
  readonly isHere: boolean;
  readonly isCalled: boolean;
}) => {
  const { one } = wordsFor(visit);
  const isConfirmed = item.status === 'confirmed';
  const isToday = dateIn(item.startsAt, item.timeZone) <= todayIn(item.timeZone);
  const hasBegun = Date.parse(item.startsAt) <= Date.now();
  const button = (step: string, text: string, kind: 'main' | 'plain' = 'plain') => (
    <ActionButton visit={visit} action={pathOf(item.id, step)} kind={kind}>
      {text}
    </ActionButton>
  );
  const link = (step: string, text: string, kind: 'plain' | 'danger') => (
    <a class={`button ${kind}`} href={pathOf(item.id, step)}>
      {text}
    </a>
  );
  const mayAnswer = item.status === 'awaiting_approval' && can(visit, 'appointment.accept');
  const needsNoPayment = !item.payment.required || item.payment.paid !== null;
  return (
    <section class="card" aria-labelledby="actions">
      <h2 id="actions">{one.actions}</h2>
      {isLive(item) ? null : <p class="soft">{one.nothingToDo}</p>}
      <div class="actions">
        {item.status === 'pending' && needsNoPayment ? button('confirm', one.confirm, 'main') : null}
        {mayAnswer ? button('accept', one.accept, 'main') : null}
        {mayAnswer ? link('reject', one.reject, 'danger') : null}
        {isConfirmed && isToday && !isHere ? button('check-in', one.checkIn, 'main') : null}
        {isConfirmed && isHere && !isCalled && can(visit, 'visit.call_in')
          ? button('call-in', one.callIn, 'main')
          : null}
        {isConfirmed && hasBegun ? button('complete', one.complete) : null}
        {isConfirmed && !hasBegun && isCalled ? link('complete', one.complete, 'plain') : null}
        {isConfirmed && hasBegun && !isHere ? link('no-show', one.noShow, 'danger') : null}
        {isLive(item) && !hasBegun ? link('move', one.move, 'plain') : null}
        {isLive(item) && !hasBegun ? link('cancel', one.cancel, 'danger') : null}
      </div>
    </section>
  );
};
