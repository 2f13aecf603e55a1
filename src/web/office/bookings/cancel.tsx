import { asked, type Problem, wanted } from '../../api.ts';
import { TextArea } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Facts, Note } from '../../components/parts.tsx';
import { Instant } from '../../components/time.tsx';
import { formPage } from '../../form-page.tsx';
import { moneyText, numberText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { can } from '../gate.ts';
import { pathOf, wordsFor } from './calls.ts';

/** Asks whether an appointment is to be cancelled, and says what that gives back. */
export const cancelPage = async (visit: Visit, id: string, problem: Problem | null = null): Promise<Response> => {
  const { api, reader } = visit;
  const words = wordsFor(visit);
  const [item, preview] = await Promise.all([
    wanted(api.appointments[':id'].$get({ param: { id } })),
    can(visit, 'payment.read') ? asked(api.appointments[':id']['refund-preview'].$get({ param: { id } })) : null,
  ]);
  const paid = preview?.ok ? preview.value.paid : item.payment.paid;
  return formPage(
    visit,
    { title: words.cancel.title, lead: words.cancel.lead, at: 'bookings', problem },
    <>
      <Facts
        of={[
          [words.list.patient, item.patientName ?? words.list.nameless],
          [words.one.doctor, item.doctorName ?? null],
          [words.one.when, <Instant visit={visit} at={item.startsAt} timeZone={item.timeZone} withZone />],
        ]}
      />
      <Note tone={paid === null || paid.amount === 0 ? 'plain' : 'blue'}>
        {paid === null || paid.amount === 0 ? (
          <p>{words.cancel.nothingPaid}</p>
        ) : (
          <>
            <p>{words.cancel.refundAll(moneyText(paid, reader.locale))}</p>
            {preview?.ok ? (
              <p>
                {words.cancel.ifPatient(
                  moneyText(preview.value.refund, reader.locale),
                  numberText(preview.value.percent / 100, reader.locale, { style: 'percent' }),
                )}
              </p>
            ) : null}
          </>
        )}
      </Note>
      <Form visit={visit} action={pathOf(id, 'cancel')} class="narrow">
        <TextArea
          {...{ name: 'reason', maxlength: 500, problem, rows: 3 }}
          label={`${words.cancel.reason} (${visit.words.optional})`}
          value={visit.form.given('reason')}
        />
        <div class="actions">
          <button type="submit" class="danger">
            {words.cancel.button}
          </button>
          <a class="button plain" href={pathOf(id)}>
            {words.cancel.keep}
          </a>
        </div>
      </Form>
    </>,
  );
};

/** Cancels an appointment for the practice. */
export const cancel = async (visit: Visit, id: string): Promise<Response> => {
  const reason = visit.form.given('reason');
  const json = reason === undefined ? {} : { reason };
  const outcome = await asked(
    visit.api.appointments[':id'].cancel.$post({ param: { id }, header: visit.once.headers, json }),
  );
  return visit.done(outcome, pathOf(id), 'cancelled_for', (problem) => cancelPage(visit, id, problem));
};
