import { wanted } from '../../api.ts';
import { Icon } from '../../components/icon.tsx';
import { Heading } from '../../components/parts.tsx';
import { clockText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { visitWords } from './words.ts';

/** The room of a visit by video. Its address stands in the page alone, never in an address of ours. */
export const videoPage = async (visit: Visit, id: string): Promise<Response> => {
  const { api, reader } = visit;
  const words = visitWords[reader.locale];
  const [appointment, room] = await Promise.all([
    wanted(api.appointments[':id'].$get({ param: { id } })),
    wanted(api.appointments[':id'].video.$get({ param: { id } })),
  ]);
  const { title, lead, open, until } = words.videoPage;
  return visit.show(
    { title, at: 'day' },
    <>
      <Heading title={title} lead={lead} />
      <p>{until(clockText(room.closesAt, appointment.timeZone, reader.locale))}</p>
      <p class="actions">
        <a class="button" href={room.url} target="_blank" rel="noopener noreferrer">
          <Icon name="video" /> {open}
        </a>
        <a class="button plain" href={`/day/${id}`}>
          {visit.words.back}
        </a>
      </p>
    </>,
  );
};
