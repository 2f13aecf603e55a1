import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { deletions } from '../../src/domain/spelling.ts';
import { send } from '../support/api.ts';
import { type Actor, actor } from '../support/clinic.ts';
import { emptyStorage } from '../support/empty-storage.ts';
import { admin, doctor } from '../support/people.ts';
import { codeOf, everyPage, found, names } from '../support/search.ts';

let boss: Actor;

const clinic = async (name: string, city: string, locationId: string | null, position: [number, number] | null) => {
  const [latitude, longitude] = position ?? [];
  const place = { locationId, position: position === null ? null : { latitude, longitude } };
  const body = { name, address: 'Road 5', city, country: 'BD', timeZone: 'Asia/Dhaka', ...place };
  return (await boss.act('POST', '/clinics', body)).body.id as string;
};

beforeAll(async () => {
  await emptyStorage();
  const person = await admin();
  boss = actor(person);
  const dhanmondi = await clinic('Lake View', 'Dhaka', 'BD-13', [23.746, 90.376]);
  const savar = await clinic('Green Leaf', 'Savar', 'BD-13-savar', [23.847, 90.258]);
  const sylhet = await clinic('Tea Garden', 'Sylhet', 'BD-60', [24.895, 91.869]);
  const people = [
    ['Rahima Khatun', 'Cardiology', [dhanmondi], 150_000, 'female', ['bn', 'en'], 'Heart failure and pressure.'],
    [
      'Kamal Hossain',
      'Orthopaedics',
      [savar],
      90_000,
      'male',
      ['bn'],
      'Knees after cricket. Speaks with Rahima often.',
    ],
    ['Anwar Heartley', 'Dermatology', [sylhet, savar], 70_000, 'male', ['en', 'hi'], ''],
    ['Nadia Islam', 'Psychiatry', [], 120_000, 'undisclosed', [], ''],
  ] as const;
  for (const [name, specialization, clinicIds, amount, gender, languages, bio] of people) {
    const fee = { amount, currency: 'BDT' };
    const profile = { specialization, clinicIds: [...clinicIds], consultationFee: fee, gender, languages, bio };
    await doctor(profile, name, person);
  }
  await env.DB.prepare(
    `update doctors set rating_count = 40, rating_sum = 196 where full_name = 'Kamal Hossain'`,
  ).run();
  await env.DB.prepare(`update doctors set rating_count = 1, rating_sum = 5 where full_name = 'Rahima Khatun'`).run();
});

describe('words', () => {
  test.each([
    ['heart', ['Anwar Heartley', 'Rahima Khatun']],
    ['হৃদরোগ', ['Rahima Khatun']],
    ['cricket', ['Kamal Hossain']],
    ['green leaf', ['Anwar Heartley', 'Kamal Hossain']],
    ['সাভার', ['Anwar Heartley', 'Kamal Hossain']],
    ['sylhet skin', ['Anwar Heartley']],
    ['heart savar', ['Anwar Heartley']],
    ['cricket doctor', ['Kamal Hossain']],
    ['হৃদরোগ বিশেষজ্ঞ', ['Rahima Khatun']],
  ])('[SE1] %s finds', async (q, expected) => {
    const page = await found(`sort=name&q=${encodeURIComponent(q)}`);
    expect(page.items.map(({ fullName }) => fullName)).toEqual(expected);
    expect(page).toMatchObject({ corrections: [] });
  });

  test.each([
    ['rehima', ['Rahima Khatun', 'Kamal Hossain'], [{ word: 'rehima', meant: ['rahima'] }]],
    ['cardiolgy', ['Rahima Khatun'], [{ word: 'cardiolgy', meant: ['cardiology'] }]],
    ['orthpedics', ['Kamal Hossain'], [{ word: 'orthpedics', meant: ['orthopedics'] }]],
    ['kamal orthopaedcs', ['Kamal Hossain'], [{ word: 'orthopaedcs', meant: ['orthopaedics'] }]],
    ['হদরোগ', ['Rahima Khatun'], [{ word: 'হদরোগ', meant: ['হৃদরোগ'] }]],
    ['kmal', ['Kamal Hossain'], [{ word: 'kmal', meant: ['kamal'] }]],
    ['zzzzzzzz', [], []],
    ['kxx', [], []],
  ])('[SE2] %s is forgiven, and it is said', async (q, expected, corrections) => {
    const page = await found(`q=${encodeURIComponent(q)}`);
    expect(page.items.map(({ fullName }) => fullName)).toEqual(expected);
    expect(page).toMatchObject({ corrections });
  });

  test('[SE2] all pages of a search are forgiving, or none', async () => {
    const walked = await everyPage('q=savra', 1);
    expect(walked.map(({ fullName }) => fullName)).toEqual(['Kamal Hossain', 'Anwar Heartley']);
  });

  test('[SE3] the trigger and the search make the same neighbourhoods', async () => {
    const { results } = await env.DB.prepare(
      `select word, json_group_array(key) as keys from search_word_keys
       where word in ('leaf', 'rahima', 'cardiology', 'orthopaedics', 'হৃদরোগ') group by word`,
    ).all<{ word: string; keys: string }>();
    expect(results).toHaveLength(5);
    for (const { word, keys } of results) expect(JSON.parse(keys).toSorted()).toEqual(deletions(word).toSorted());
    const numbered = await env.DB.prepare(`select 1 from search_words where word glob '*[0-9]*'`).all();
    expect(numbered.results).toEqual([]);
  });
});

describe('filters', () => {
  test.each([
    ['locationId=BD', ['Anwar Heartley', 'Kamal Hossain', 'Rahima Khatun']],
    ['locationId=BD-C', ['Anwar Heartley', 'Kamal Hossain', 'Rahima Khatun']],
    ['locationId=BD-13-savar', ['Anwar Heartley', 'Kamal Hossain']],
    ['locationId=BD-G', ['Anwar Heartley']],
    ['locationId=BD-D', []],
    ['language=en', ['Anwar Heartley', 'Rahima Khatun']],
    ['language=bn&gender=male', ['Kamal Hossain']],
    ['gender=female', ['Rahima Khatun']],
    ['minRating=4.5', ['Kamal Hossain']],
    ['minRating=4', ['Kamal Hossain', 'Rahima Khatun']],
    ['minFee=90000&maxFee=120000&currency=BDT', ['Kamal Hossain', 'Nadia Islam']],
    ['near=23.75,90.38&withinKm=5', ['Rahima Khatun']],
    ['near=23.75,90.38', ['Anwar Heartley', 'Kamal Hossain', 'Rahima Khatun']],
  ])('[SE4] [SE5] %s narrows', async (query, expected) => {
    expect(await names(`${query}&sort=name`)).toEqual(expected);
  });

  test('[SE5] availableWithin finds who has a free slot within so many days', async () => {
    const id = (await found('q=nadia')).items[0]?.id ?? '';
    const at = Date.now() + 3 * 86_400_000;
    // Whoever indexes the doctors meanwhile, who have no hours, takes the day away again.
    const free = async () => {
      await env.DB.prepare('delete from doctor_days').run();
      await env.DB.prepare(
        `insert into doctor_days (doctor_id, date, schedule_version, remaining, first_available_at_ms, last_available_at_ms)
         values (?, date(? / 1000, 'unixepoch'), 1, 1, ?, ?)`,
      )
        .bind(id, at, at, at + 1)
        .run();
      return [await names('availableWithin=2'), await names('availableWithin=4')];
    };
    await expect.poll(free).toEqual([[], ['Nadia Islam']]);
  });

  test.each([
    ['locationId=BD-99', 422, 'unknown_location'],
    ['near=23.751,90.38', 400, 'invalid_request'],
    ['near=91,0', 400, 'invalid_request'],
    ['sort=distance', 400, 'invalid_request'],
    ['withinKm=5', 400, 'invalid_request'],
    ['minRating=6', 400, 'invalid_request'],
    ['minFee=1', 400, 'invalid_request'],
    ['language=xx-YY', 400, 'invalid_request'],
    ['gender=any', 400, 'invalid_request'],
    ['availableWithin=0', 400, 'invalid_request'],
  ])('[SE4] [SE5] [SE6] %s is refused', async (query, status, code) => {
    const answer = await send('GET', `/doctors?${query}`);
    expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
  });

  test('[SE4] a distance without a place says what it needs', async () => {
    const answer = await send('GET', '/doctors?withinKm=5');
    const { errors } = await answer.json<{ errors: object[] }>();
    expect(errors).toEqual([{ path: 'query.near', message: 'withinKm and sort=distance need near' }]);
  });
});

describe('orders', () => {
  test('[SE6] distance orders by the nearest clinic, and says how far it is', async () => {
    const { items } = await found('sort=distance&near=23.75,90.38&withinKm=300');
    const far = items.map((item) => [item.fullName, (item as { distanceKm?: number }).distanceKm]);
    expect(far[0]).toEqual(['Rahima Khatun', 0.6]);
    expect(far.slice(1).toSorted()).toEqual([
      ['Anwar Heartley', 16.4],
      ['Kamal Hossain', 16.4],
    ]);
    for (const query of ['', '&language=en', '&q=a']) {
      const whole = await everyPage(`sort=distance&near=23.75,90.38${query}`, 100);
      expect(await everyPage(`sort=distance&near=23.75,90.38${query}`, 1)).toEqual(whole);
    }
  });

  test('[SE11] without a word of the order, it is by relevance with words, by distance with a place, else by name', async () => {
    const place = 'near=23.75,90.38&withinKm=300';
    for (const [query, sort] of [
      ['', 'name'],
      ['q=%20', 'name'],
      ['q=heart', 'relevance'],
      [place, 'distance'],
      [`q=%20&${place}`, 'distance'],
      [`q=heart&${place}`, 'relevance'],
    ] as const) {
      const asked = await everyPage(`${query}&sort=${sort}`.replace(/^&/, ''), 100);
      expect(asked.length, query).toBeGreaterThan(1);
      expect(await everyPage(query, 1), query).toEqual(asked);
    }
    expect(await names('q=heart')).toEqual(['Anwar Heartley', 'Rahima Khatun']);
    expect((await names(place))[0]).toBe('Rahima Khatun');
    expect((await names(`${place}&sort=name`))[0]).toBe('Anwar Heartley');
  });

  test('[SE7] rating orders from the best, without reviews last', async () => {
    expect((await names('sort=rating')).slice(0, 2)).toEqual(['Kamal Hossain', 'Rahima Khatun']);
    const whole = await everyPage('sort=rating', 100);
    expect(whole).toHaveLength(4);
    expect(await everyPage('sort=rating', 1)).toEqual(whole);
  });

  test('[SE8] relevance orders by what words count for, then by rating', async () => {
    const of = async (q: string) =>
      (await found(`sort=relevance&q=${encodeURIComponent(q)}`)).items.map((item) => [
        item.fullName,
        (item as { relevance?: number }).relevance,
      ]);
    expect(await of('rahima')).toEqual([
      ['Rahima Khatun', 100],
      ['Kamal Hossain', 20],
    ]);
    expect(await of('heart')).toEqual([
      ['Anwar Heartley', 80],
      ['Rahima Khatun', 65],
    ]);
    expect(await of('savar')).toEqual([
      ['Kamal Hossain', 40],
      ['Anwar Heartley', 40],
    ]);
    expect(await of('cardiolgy')).toEqual([['Rahima Khatun', 35]]);
    const whole = await everyPage('sort=relevance&q=a', 100);
    expect(await everyPage('sort=relevance&q=a', 1)).toEqual(whole);
  });

  test('[SE8] eight words beside every filter are weighed, as people tell what they want in a sentence', async () => {
    const words = 'rahima heart savar cardiolgy dhaka clinic khatun anwar';
    const filters = [
      ...['locationId=BD-13', 'near=23.7,90.4', 'availableWithin=7', 'mode=video', 'currency=BDT', 'minFee=1'],
      ...['maxFee=9000000', 'language=bn', 'gender=female', 'minRating=1', 'city=Dhaka', 'specialization=Cardiology'],
    ];
    expect((await found(`q=${encodeURIComponent(words)}`)).items).toEqual([]);
    expect((await found(`q=${encodeURIComponent(words)}&${filters.join('&')}`)).items).toEqual([]);
  });
});
