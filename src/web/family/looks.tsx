import { Looks } from '../account/looks.tsx';
import { wanted } from '../api.ts';
import { Heading } from '../components/parts.tsx';
import { dependantOf } from '../records/whose.tsx';
import type { Visit } from '../visit.tsx';
import { familyWords } from './words.ts';

const shown = '20';

/** Who looked at the record of somebody for whom I act. */
export const familyLooksPage = async (visit: Visit, id: string, cursor: string | undefined): Promise<Response> => {
  const words = familyWords[visit.reader.locale];
  const query = { limit: shown, ...(cursor === undefined ? {} : { cursor }) };
  const [{ fullName }, looks] = await Promise.all([
    dependantOf(visit, id),
    wanted(visit.api.patients[':id']['access-log'].$get({ param: { id }, query })),
  ]);
  const title = words.looksAt(fullName);
  return visit.show(
    { title, at: 'family' },
    <>
      <Heading title={title}>
        <a class="button plain" href="/family">
          {words.title}
        </a>
      </Heading>
      <Looks visit={visit} title={title} looks={looks} />
    </>,
  );
};
