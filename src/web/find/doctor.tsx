import { parseLocalDate } from '../../domain/local-date.ts';
import { localDateOf } from '../../domain/zoned-time.ts';
import { asked, type PageApi, wanted } from '../api.ts';
import { Address } from '../book/place.tsx';
import { Icon } from '../components/icon.tsx';
import { Badge, Facts, Note } from '../components/parts.tsx';
import { languageText, moneyText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { physician } from './physician.ts';
import { Portrait } from './portrait.tsx';
import { Rating } from './rating.tsx';
import { Review } from './reviews.tsx';
import { shownAs, specialities } from './specialities.ts';
import { Week, weekOf } from './week.tsx';
import { findWords } from './words.ts';

const profile = (api: PageApi, id: string) => wanted(api.doctors[':id'].$get({ param: { id } }));

/** A doctor's whole profile. */
export type Doctor = Awaited<ReturnType<typeof profile>>;

const reviewsShown = '3';

/** A doctor: who they are, what patients say, and a week of what is free; `from` (YYYY-MM-DD) and `mode` say which. */
export const doctorPage = async (
  visit: Visit,
  id: string,
  query: Readonly<Record<string, string>>,
): Promise<Response> => {
  const { reader, api } = visit;
  const words = findWords[reader.locale];
  const [doctor, reviews, all] = await Promise.all([
    profile(api, id),
    asked(api.doctors[':id'].reviews.$get({ param: { id }, query: { limit: reviewsShown } })),
    // In English a speciality is called by its name.
    reader.locale === 'en' ? [] : specialities(visit),
  ]);
  const speciality = shownAs(all, doctor.specialization);
  const today = localDateOf(Date.now(), doctor.timeZone);
  const from = parseLocalDate(query.from ?? '');
  const mode = doctor.modes.find((one) => one === query.mode && doctor.modes.length > 1);
  const week = await weekOf(visit, doctor, from === null || from < today ? today : from, today, mode);
  const { asks, paid } = words.doctor;
  const terms = [...(doctor.approvalRequired ? [asks] : []), ...(doctor.paymentRequired ? [paid] : [])].join(' ');
  const shown = reviews.ok ? reviews.value.items : [];
  return visit.show(
    {
      title: `${doctor.fullName}, ${speciality}`,
      at: 'find',
      ...(doctor.verified ? { description: describe(visit, doctor) } : {}),
      canonical: `/doctors/${id}`,
      data: physician(doctor),
      islands: ['live-slots'],
    },
    <>
      <div class="heading result">
        <Portrait of={doctor} large />
        <div class="about">
          <h1>{doctor.fullName}</h1>
          <p>
            {speciality} · {words.doctor.experience(doctor.experienceYears)}
          </p>
          <p class="marks">
            <a href="#reviews">
              <Rating visit={visit} rating={doctor.rating} reviewCount={doctor.reviewCount} />
              {doctor.rating === null ? words.reviews.count(0) : null}
            </a>
            <span>{moneyText(doctor.consultationFee, reader.locale)}</span>
            {doctor.modes.map((one) => (
              <Badge>{visit.words.modes[one]}</Badge>
            ))}
          </p>
          {doctor.clinics.map(({ name, city }) => (
            <p>
              <Icon name="pin" /> {name}, {city}
            </p>
          ))}
        </div>
      </div>
      {doctor.verified ? null : <Note tone="warn">{words.doctor.unverified}</Note>}
      {terms === '' ? null : <p>{terms}</p>}
      <Week {...week} visit={visit} />
      <h2>{words.doctor.about}</h2>
      {doctor.bio === '' ? null : <p class="words">{doctor.bio}</p>}
      <DoctorFacts visit={visit} doctor={doctor} />
      <section aria-labelledby="reviews">
        <h2 id="reviews">{words.reviews.title}</h2>
        {shown.length === 0 ? (
          <p class="soft">
            {words.reviews.none} {words.reviews.noneLead}
          </p>
        ) : (
          <ul class="cards many">
            {shown.map((review) => (
              <Review visit={visit} review={review} />
            ))}
          </ul>
        )}
        {reviews.ok && reviews.value.nextCursor !== null ? (
          <p>
            <a href={`/doctors/${id}/reviews`}>{words.reviews.all}</a>
          </p>
        ) : null}
      </section>
    </>,
  );
};

const longestDescription = 155;

const describe = ({ reader }: Visit, { fullName, specialization, clinics, bio }: Doctor): string => {
  const text = [fullName, specialization, ...clinics.map(({ name, city }) => `${name}, ${city}`), bio]
    .filter((part) => part !== '')
    .join(' · ');
  if (text.length <= longestDescription) return text;
  const segmenter = new Intl.Segmenter(reader.locale, { granularity: 'word' });
  let cut = '';
  for (const { segment } of segmenter.segment(text)) {
    if (cut.length + segment.length > longestDescription) break;
    cut += segment;
  }
  return `${cut.trimEnd()}…`;
};

const DoctorFacts = ({ visit, doctor }: { readonly visit: Visit; readonly doctor: Doctor }) => {
  const { locale } = visit.reader;
  const words = findWords[locale].doctor;
  const [fee, videoFee] = [doctor.consultationFee, doctor.videoFee].map((money) => moneyText(money, locale));
  return (
    <Facts
      of={[
        [words.fee, fee ?? null],
        [words.videoFee, videoFee === fee || !doctor.modes.includes('video') ? null : (videoFee ?? null)],
        [words.visits, doctor.modes.map((mode) => visit.words.modes[mode]).join(', ')],
        [words.speaks, doctor.languages.map((one) => languageText(one, locale)).join(', ')],
        [
          words.clinics,
          doctor.clinics.length === 0
            ? null
            : doctor.clinics.map((clinic) => (
                <div>
                  {clinic.name}
                  <Address of={clinic} />
                </div>
              )),
        ],
        [words.licence, doctor.licenseNumber],
      ]}
    />
  );
};
