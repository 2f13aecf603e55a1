import { asked, wanted } from '../../api.ts';
import { Facts, Heading, Note, StatusBadge } from '../../components/parts.tsx';
import { Instant } from '../../components/time.tsx';
import { clockText, moneyText, numberText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { can } from '../gate.ts';
import { inJson } from '../json.ts';
import { Actions } from './actions.tsx';
import { pathOfPatient, wordsFor } from './calls.ts';
import { History } from './history.tsx';
import { Money } from './money.tsx';

/** One appointment: all its facts, what can be done to it, its money and its history. */
export const onePage = async (visit: Visit, id: string): Promise<Response> => {
  const { api, reader } = visit;
  const words = wordsFor(visit);
  const param = { param: { id } };
  const [item, money, standing, history] = await Promise.all([
    wanted(api.appointments[':id'].$get(param)),
    can(visit, 'payment.read') ? asked(api.appointments[':id'].payment.$get(param)) : null,
    asked(api.appointments[':id'].queue.$get(param)),
    can(visit, 'audit.read')
      ? asked(api.admin.audit.$get({ query: { subject: id, reads: 'hidden', limit: '30' } as never }))
      : null,
  ]);
  const { one } = words;
  const title = one.title(item.patientName ?? words.list.nameless, item.doctorName ?? '');
  const time = (at: string) => <Instant visit={visit} at={at} timeZone={item.timeZone} />;
  const here = standing.ok ? standing.value : null;
  const clock = (at: string) => clockText(at, item.timeZone, reader.locale);
  return visit.show(
    { title, at: 'bookings' },
    <>
      <Heading title={title} lead={<StatusBadge visit={visit} status={item.status} />}>
        <a class="button plain" href={pathOfPatient(item.patientId)}>
          {one.others}
        </a>
        {can(visit, 'visit.read_queue') ? (
          <a class="button plain" href={`/admin/appointments/queue/${item.doctorId}`}>
            {words.filters.queue}
          </a>
        ) : null}
      </Heading>
      {item.outsideSchedule ? <Note tone="warn">{one.outside}</Note> : null}
      {item.status === 'pending' && item.payment.required && item.payment.paid === null ? (
        <Note tone="blue">{one.mustPay}</Note>
      ) : null}
      <div class="sides act-first">
        <Actions visit={visit} item={item} isHere={here?.checkedInAt != null} isCalled={here?.calledAt != null} />
        <div>
          <Facts
            of={[
              [one.when, <Instant visit={visit} at={item.startsAt} timeZone={item.timeZone} withZone />],
              [one.ends, clock(item.endsAt)],
              [one.doctor, item.doctorName ?? null],
              [one.clinic, item.clinicName ?? null],
              [one.mode, visit.words.modes[item.mode] ?? item.mode],
              [one.priority, one.priorities[item.priority] ?? item.priority],
              [one.fee, moneyText(item.consultationFee, reader.locale)],
              [one.holdEnds, item.expiresAt === null ? null : time(item.expiresAt)],
              [one.statusReason, item.statusReason ?? null],
              [one.attendance, item.attendanceConfirmedAt ? time(item.attendanceConfirmedAt) : null],
              [one.rooms, item.resources.map(({ name }) => name).join(', ')],
              [one.bookedAt, time(item.createdAt)],
              [one.changedAt, time(item.updatedAt)],
              [one.number, <span class="code">{item.id}</span>],
            ]}
          />
          {here === null || here.checkedInAt === null ? null : (
            <p>
              {here.calledAt === null ? one.checkedIn(clock(here.checkedInAt)) : one.calledIn(clock(here.calledAt))}
              {here.ahead === null ? '' : ` · ${one.ahead(numberText(here.ahead, reader.locale))}`}
            </p>
          )}
        </div>
      </div>
      {money?.ok ? <Money visit={visit} money={money.value} timeZone={item.timeZone} /> : null}
      {history?.ok ? (
        <History visit={visit} id={id} events={inJson(history.value).items} timeZone={item.timeZone} />
      ) : null}
    </>,
  );
};
