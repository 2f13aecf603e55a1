import { Field, Group } from '../../components/field.tsx';
import { Form, ProblemSummary } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Badge, Note } from '../../components/parts.tsx';
import { Closed } from './closed.tsx';
import { medicineFields, medicinesIn, overridesIn } from './order.ts';
import { type Check, draft, problemOf, type Shown } from './read.ts';
import { visitWords } from './words.ts';

const lengths = { drug: 120, strength: 60, form: 60, dose: 120, frequency: 120, duration: 60, notes: 500 } as const;

/** Prescribing: medicines row by row, and before they are prescribed what is known against them. */
export const Prescribe = ({ shown }: { readonly shown: Shown }) => {
  const { visit, appointment, closed, after } = shown;
  const words = visitWords[visit.reader.locale].prescribe;
  const problem = problemOf(shown, 'prescription');
  const isAgain = after?.part === 'prescription';
  const rows = isAgain ? medicinesIn(visit.form) : [];
  const isMore = isAgain && visit.form.text('do') === 'more';
  const count = Math.max(1, rows.length + (isMore ? 1 : 0));
  return (
    <section
      class="part card"
      id="prescription"
      data-part
      {...draft(rows.length > 0)}
      aria-labelledby="prescription-title"
    >
      <h2 id="prescription-title">{words.title}</h2>
      <ProblemSummary visit={visit} problem={problem} />
      {closed === null ? (
        <Form visit={visit} action={`/day/${appointment.id}/prescription#prescription`} label={words.title}>
          {isAgain && after.check !== undefined ? <Found shown={shown} check={after.check} /> : null}
          {Array.from({ length: count }, (_, i) => (
            <Group legend={words.medicine(i + 1)}>
              <div class="pairs">
                {medicineFields.map((name) => (
                  <Field
                    {...{
                      name: `${name}[]`,
                      id: `${name}-${i}`,
                      maxlength: lengths[name],
                      problem,
                      path: `items.${i}.${name}`,
                    }}
                    label={words[name]}
                    value={rows[i]?.[name]}
                  />
                ))}
              </div>
            </Group>
          ))}
          <div class="narrow-field">
            <Field
              {...{ name: 'validDays', type: 'number', inputmode: 'numeric', min: 1, max: 365, problem }}
              label={words.days}
              value={(isAgain ? visit.form.given('validDays') : undefined) ?? '30'}
            />
          </div>
          <div class="actions">
            <button type="submit" name="do" value="check" class="plain">
              {words.check}
            </button>
            <button type="submit" name="do" value="save">
              {words.save}
            </button>
            <button type="submit" name="do" value="more" class="plain">
              {words.more}
            </button>
          </div>
        </Form>
      ) : (
        <Closed shown={shown} />
      )}
    </section>
  );
};

/** What a check has found: each pair with how bad it is, and for the severe ones a place for the reason. */
const Found = ({ shown, check }: { readonly shown: Shown; readonly check: Check }) => {
  const { visit } = shown;
  const words = visitWords[visit.reader.locale].prescribe;
  const reasons = new Map(overridesIn(visit.form).map(({ key, reason }) => [key, reason]));
  const { hits, unknown } = check;
  return (
    <div class="found" role="alert" tabindex={-1} data-focus>
      <Note tone={hits.length === 0 ? 'plain' : 'warn'}>
        <p>
          <Icon name="alert" /> <strong>{hits.length === 0 ? words.clear : words.found}</strong>
        </p>
        {unknown.length === 0 ? null : <p>{words.unknown(unknown.join(', '))}</p>}
        <p class="soft">{words.incomplete}</p>
      </Note>
      {hits.map(({ key, severity, between, text }, i) => (
        <div class="hit">
          <p>
            <Badge tone={severity === 'severe' ? 'bad' : 'warn'}>{words.severities[severity]}</Badge>{' '}
            <strong>{words.between(between[0] ?? '', between[1] ?? '')}</strong>
          </p>
          <p>{text}</p>
          {severity === 'severe' ? (
            <>
              <input type="hidden" name="overrideKey[]" value={key} />
              <Field
                {...{ name: 'overrideReason[]', id: `override-${i}`, maxlength: 500 }}
                label={words.why}
                value={reasons.get(key)}
              />
            </>
          ) : null}
        </div>
      ))}
    </div>
  );
};
