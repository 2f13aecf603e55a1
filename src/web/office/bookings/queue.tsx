import { asked, type Problem, wanted } from '../../api.ts';
import { Field } from '../../components/field.tsx';
import { ActionButton, Form } from '../../components/form.tsx';
import { Badge, Empty, Table, type Tone } from '../../components/parts.tsx';
import { Clock } from '../../components/time.tsx';
import { formPage } from '../../form-page.tsx';
import { clockText, dateText, numberText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { can } from '../gate.ts';
import { pathOf, pathOfPatient, wordsFor } from './calls.ts';

const tones: Readonly<Record<string, Tone>> = { waiting: 'warn', called_in: 'blue', completed: 'good', no_show: 'bad' };

/** The waiting room of a doctor today: who is expected, who waits, and how late it is. */
export const queuePage = async (visit: Visit, doctorId: string, problem: Problem | null = null): Promise<Response> => {
  const words = wordsFor(visit);
  const { reader, api } = visit;
  const param = { id: doctorId };
  const [queue, doctor] = await Promise.all([
    wanted(api.doctors[':id'].queue.$get({ param })),
    wanted(api.doctors[':id'].$get({ param })),
  ]);
  const path = `/admin/appointments/queue/${doctorId}`;
  const act = (id: string, step: 'check-in' | 'call-in', label: string) => (
    <ActionButton visit={visit} action={pathOf(id, step)} fields={{ back: path }} label={label}>
      {step === 'check-in' ? words.queue.checkInShort : words.one.callIn}
    </ActionButton>
  );
  return formPage(
    visit,
    {
      ...{ title: words.queue.title(doctor.fullName), at: 'bookings', problem },
      lead: words.queue.lead(dateText(queue.date, reader.locale)),
    },
    <>
      <p>
        <Badge tone={queue.delayMinutes === 0 ? 'good' : 'warn'}>
          {queue.delayMinutes === 0
            ? words.queue.onTime
            : words.queue.delay(numberText(queue.delayMinutes, reader.locale))}
        </Badge>
      </p>
      {queue.items.length === 0 ? (
        <Empty title={words.queue.none} />
      ) : (
        <Table
          stacks
          caption={words.queue.caption}
          head={[words.queue.time, words.queue.patient, words.queue.state, words.queue.action]}
          rows={queue.items.map((item) => {
            const name = item.patientName ?? words.list.nameless;
            return [
              <a href={pathOf(item.appointmentId)}>
                <Clock visit={visit} at={item.startsAt} timeZone={doctor.timeZone} />
              </a>,
              <a href={pathOfPatient(item.patientId)}>{name}</a>,
              <>
                <Badge tone={tones[item.state] ?? 'plain'}>{words.queue.states[item.state] ?? item.state}</Badge>{' '}
                {item.checkedInAt !== null && item.state === 'waiting' ? (
                  <span class="soft">
                    {words.queue.since(clockText(item.checkedInAt, doctor.timeZone, reader.locale))}
                  </span>
                ) : null}
              </>,
              <>
                {item.state === 'expected' ? act(item.appointmentId, 'check-in', words.queue.checkIn(name)) : null}
                {item.state === 'waiting' && can(visit, 'visit.call_in')
                  ? act(item.appointmentId, 'call-in', words.queue.callIn(name))
                  : null}
              </>,
            ];
          })}
        />
      )}
      <Form visit={visit} action={path} class="row" label={words.queue.say}>
        <Field
          {...{ name: 'minutes', type: 'number', min: 0, max: 240, required: true, problem }}
          label={words.queue.minutes}
          hint={words.queue.minutesHint}
          value={visit.form.given('minutes') ?? String(queue.delayMinutes)}
        />
        <button type="submit">{words.queue.say}</button>
      </Form>
    </>,
  );
};

/** Says how late a doctor is today. */
export const sayDelay = async (visit: Visit, doctorId: string): Promise<Response> => {
  const json = { minutes: Number(visit.form.text('minutes')) };
  const said = await asked(visit.api.doctors[':id'].delay.$put({ param: { id: doctorId }, json }));
  return visit.done(said, `/admin/appointments/queue/${doctorId}`, 'delay_said', (p) => queuePage(visit, doctorId, p));
};
