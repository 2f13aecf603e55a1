import { refusals } from '../../domain/refusal.ts';
import { zoneOf } from '../account/security.tsx';
import { type Problem, problemFor, wanted } from '../api.ts';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { Empty, Pager } from '../components/parts.tsx';
import { formPage } from '../form-page.tsx';
import { dayText, numberText } from '../money-and-time.ts';
import { sentenceOf } from '../problem-words.ts';
import type { Visit } from '../visit.tsx';
import { RecordTabs, type Whose } from './whose.tsx';
import { recordWords } from './words.ts';

const shown = '20';

/** How large a file is, as people say it. */
export const sizeText = (visit: Visit, bytes: number): string => {
  const [unit, by] = bytes < 1_000_000 ? (['kilobyte', 1_000] as const) : (['megabyte', 1_000_000] as const);
  const options = { style: 'unit', unit, maximumFractionDigits: unit === 'megabyte' ? 1 : 0 } as const;
  return numberText(Math.max(bytes / by, 1), visit.reader.locale, options);
};

/** Documents: the newest first, and a form for another. */
export const documentsPage = async (
  visit: Visit,
  whose: Whose,
  cursor: string | undefined,
  problem: Problem | null = null,
): Promise<Response> => {
  const { documents: words, title } = recordWords[visit.reader.locale];
  const query = { limit: shown, ...(cursor === undefined ? {} : { cursor }) };
  const { items, nextCursor } = await wanted(
    visit.api.patients[':id'].documents.$get({ param: { id: whose.id }, query }),
  );
  return formPage(
    visit,
    {
      ...{ title: words.title, at: whose.at, problem, islands: ['upload'] },
      lead: whose.name === null ? words.lead : title(whose.name),
      above: <RecordTabs visit={visit} whose={whose} at="/documents" />,
    },
    <>
      {items.length === 0 ? <Empty icon="file" title={words.none} /> : null}
      <ul class="cards many">
        {items.map(({ id, name, mediaType, bytes, uploadedAt }) => (
          <li class="card">
            <h2>
              <a href={`${whose.base}/documents/${id}`}>{name ?? words.unnamed}</a>
            </h2>
            <p class="soft">
              {`${words.types[mediaType]} · ${sizeText(visit, bytes)} · `}
              <time datetime={uploadedAt}>{dayText(uploadedAt, zoneOf(visit), visit.reader.locale)}</time>
            </p>
          </li>
        ))}
      </ul>
      <Pager visit={visit} nextCursor={nextCursor} />
      <h2 id="add">{words.add}</h2>
      <UploadForm visit={visit} whose={whose} problem={problem} />
    </>,
  );
};

/** What a file may be refused for, so that a script can say it in the reader's language. */
const fileRefusals = ['file_too_large', 'unsupported_document', 'unsafe_document', 'document_limit'] as const;

const UploadForm = ({ visit, whose, problem }: { visit: Visit; whose: Whose; problem: Problem | null }) => {
  const { documents: words } = recordWords[visit.reader.locale];
  const sentences = fileRefusals.map((code) => [
    code,
    sentenceOf(problemFor(code, refusals[code].title), visit.reader),
  ]);
  return (
    <div
      data-upload={`/api/v1/patients/${whose.id}/documents`}
      data-done={`${whose.base}/documents`}
      data-sending={words.sending}
      data-failed={words.failed}
      data-refusals={JSON.stringify(Object.fromEntries(sentences))}
    >
      <Form visit={visit} action={`${whose.base}/documents`} files class="narrow">
        <Field
          {...{ name: 'file', type: 'file', accept: 'application/pdf,image/jpeg,image/png', required: true, problem }}
          label={words.file}
          hint={words.fileHint}
        />
        <Field
          {...{ name: 'name', maxlength: 120, problem }}
          label={words.name}
          hint={words.nameHint}
          value={visit.form.given('name')}
        />
        <progress max="100" value="0" hidden aria-label={words.sending} />
        <p role="status" />
        <button type="submit">{words.upload}</button>
      </Form>
    </div>
  );
};
