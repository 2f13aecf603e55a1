import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { send } from '../support/api.ts';
import { type Actor, actor } from '../support/clinic.ts';
import { admin, doctor, type Person } from '../support/people.ts';
import { codeOf, names } from '../support/search.ts';

let person: Person;
let boss: Actor;
beforeAll(async () => {
  person = await admin();
  boss = actor(person);
});

// biome-ignore lint/suspicious/noExplicitAny: a body is what the test says it is.
const read = async (path: string) => (await send('GET', path)).json<any>();
const ids = async (query: string): Promise<string[]> =>
  (await read(`/locations?${query}`)).items.map(({ id }: { id: string }) => id);

describe('locations', () => {
  test('[PL1] Bangladesh is there, every place within the right one', async () => {
    const { results } = await env.DB.prepare(
      `select l.level, count(*) as there, sum(p.level = l.level - 1 and l.path = p.path || l.id || '/') as placed
       from locations l left join locations p on p.id = l.parent_id where l.country = 'BD' group by l.level order by l.level`,
    ).all();
    expect(results).toEqual([
      { level: 0, there: 1, placed: null },
      { level: 1, there: 8, placed: 8 },
      { level: 2, there: 64, placed: 64 },
      { level: 3, there: 494, placed: 494 },
    ]);
  });

  test('[PL2] places are listed by what they lie in, page by page, and shown with what is above', async () => {
    expect(await ids('')).toEqual(['BD']);
    expect(await ids('parent=BD')).toHaveLength(8);
    const first = await read('/locations?parent=BD-13&limit=3');
    const rest = await read(`/locations?parent=BD-13&limit=3&cursor=${first.nextCursor}`);
    const savar = {
      ...{ id: 'BD-13-savar', parentId: 'BD-13', level: 3, country: 'BD', code: null, name: 'Savar', localName: 'সাভার' },
      within: [
        { id: 'BD', name: 'Bangladesh', localName: 'বাংলাদেশ' },
        { id: 'BD-C', name: 'Dhaka', localName: 'ঢাকা' },
        { id: 'BD-13', name: 'Dhaka', localName: 'ঢাকা' },
      ],
    };
    expect([...first.items, ...rest.items]).toHaveLength(5);
    expect(rest.items.at(-1)).toEqual(savar);
    expect(await read('/locations/BD-13-savar')).toEqual(savar);
    expect(await codeOf(await send('GET', '/locations/BD-99'))).toBe('not_found');
  });

  test.each([
    ['q=SAV', ['BD-13-savar']],
    ['q=%E0%A6%B8%E0%A6%BE%E0%A6%AD%E0%A6%BE', ['BD-13-savar']],
    ['q=comilla', ['BD-08', 'BD-08-cumilla-sadar']],
    ['q=dhaka&level=1', ['BD-C']],
    ['q=dhaka', ['BD-C', 'BD-13']],
    ['q=...', []],
  ])('[PL3] %s finds', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  test.each(['parent=BD&q=x', 'level=1', 'q=x&level=4', 'colour=red'])('[PL3] %s is refused', async (query) => {
    expect(await codeOf(await send('GET', `/locations?${query}`))).toBe('invalid_request');
  });
});

describe('clinics', () => {
  const given = {
    ...{ name: 'Savar Heart Point', address: 'Bazar Road 3', city: 'Savar', country: 'BD', timeZone: 'Asia/Dhaka' },
    locationId: 'BD-13-savar',
    position: { latitude: 23.84671239, longitude: 90.25766 },
    phone: '+880 1712-345678',
    openingHours: [
      { weekday: 7, from: '09:00', to: '13:00' },
      { weekday: 1, from: '16:00', to: '24:00' },
      { weekday: 1, from: '09:00', to: '13:00' },
    ],
  };

  test('[PL5] [PL7] [PL8] a clinic is a place of an organization, and can move', async () => {
    const organization = (await boss.act('POST', '/organizations', { name: 'Heart Points' })).body;
    const made = await boss.act('POST', '/clinics', { ...given, organizationId: organization.id });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      ...{ organizationId: organization.id, locationId: 'BD-13-savar', phone: '+8801712345678' },
      position: { latitude: 23.846712, longitude: 90.25766 },
      openingHours: [given.openingHours[2], given.openingHours[1], given.openingHours[0]],
    });
    expect(await read(`/organizations/${organization.id}`)).toEqual({ ...organization, clinics: [made.body] });
    expect((await read(`/clinics?organizationId=${organization.id}`)).items).toEqual([made.body]);

    const who = await doctor({ clinicIds: [made.body.id] }, 'Dr Placed', person);
    expect(await names('q=placed&locationId=BD-13')).toEqual(['Dr Placed']);
    const moved = await boss.act('PUT', `/clinics/${made.body.id}`, {
      locationId: 'BD-60',
      city: 'Sylhet',
      phone: null,
    });
    expect(moved.body).toEqual({ ...made.body, locationId: 'BD-60', city: 'Sylhet', phone: null });
    expect(await names('q=placed&locationId=BD-13')).toEqual([]);
    expect(await names('q=placed%20sylhet')).toEqual(['Dr Placed']);
    expect(who.id).not.toBe('');
  });

  test.each([
    [{ openingHours: [{ weekday: 1, from: '13:00', to: '09:00' }] }, 'invalid_request'],
    [{ openingHours: [1, 1].map((weekday) => ({ weekday, from: '09:00', to: '10:00' })) }, 'invalid_request'],
    [{ openingHours: [{ weekday: 8, from: '09:00', to: '10:00' }] }, 'invalid_request'],
    [{ openingHours: [{ weekday: 1, from: '9', to: '10:00' }] }, 'invalid_request'],
    [{ position: { latitude: 91, longitude: 0 } }, 'invalid_request'],
    [{ position: { latitude: 9 } }, 'invalid_request'],
    [{ phone: '123' }, 'invalid_request'],
    [{ locationId: 'BD-99' }, 'unknown_location'],
    [{ organizationId: 'o_AAAAAAAAAAAAAAAA' }, 'unknown_organization'],
    [{ timeZone: 'Asia/Kolkata' }, 'invalid_request'],
    [{}, 'invalid_request'],
  ])('[PL6] [PL7] [PL8] %j is refused', async (edit, code) => {
    const { id } = (await boss.act('POST', '/clinics', given)).body;
    expect((await boss.act('PUT', `/clinics/${id}`, edit)).body.code).toBe(code);
  });
});

describe('specializations', () => {
  test.each([
    ['heart', ['Cardiology', 'Cardiothoracic surgery']],
    ['হৃদরোগ', ['Cardiology']],
    ['ear nose', ['Otolaryngology']],
    ['zzz', []],
  ])('[PL10] %s is found', async (q, expected) => {
    const { items } = await read(`/specializations?q=${encodeURIComponent(q)}`);
    expect(items.map(({ name }: { name: string }) => name)).toEqual(expected);
  });

  test('[PL9] [PL10] [PL11] admins keep the list that profiles name one of', async () => {
    expect((await read('/specializations')).items.length).toBeGreaterThanOrEqual(60);
    const synonyms = [
      { language: 'en', words: ['bugs and worms'] },
      { language: 'bn', words: ['কৃমি'] },
    ];
    const made = (await boss.act('POST', '/specializations', { name: 'Parasitology', synonyms })).body;
    const again = await boss.act('POST', '/specializations', { name: ' parasitology ' });
    expect([again.status, again.body.code]).toEqual([409, 'specialization_taken']);

    const who = await doctor({ specialization: 'PARASITOLOGY' }, 'Dr Wormwood', person);
    expect(await read(`/doctors/${who.id}`)).toMatchObject({ specialization: 'Parasitology' });
    expect(await names(`q=${encodeURIComponent('কৃমি')}`)).toEqual(['Dr Wormwood']);
    const renamed = { name: 'Tropical medicine', synonyms: [{ language: 'en', words: ['jungle'] }] };
    expect((await boss.act('PUT', `/specializations/${made.id}`, renamed)).body).toEqual({ id: made.id, ...renamed });
    expect(await read(`/doctors/${who.id}`)).toMatchObject({ specialization: 'Tropical medicine' });
    expect([await names('q=jungle'), await names('q=parasitology%20worms')]).toEqual([['Dr Wormwood'], []]);

    expect((await boss.act('DELETE', `/specializations/${made.id}`)).body.code).toBe('specialization_in_use');
    const edit = (specialization: string) => boss.act('PUT', `/doctors/${who.id}`, { specialization });
    const unlisted = await edit('Wizardry');
    expect([unlisted.status, unlisted.body.code]).toEqual([422, 'unknown_specialization']);
    expect((await edit('urology')).body.specialization).toBe('Urology');
    expect((await send('DELETE', `/specializations/${made.id}`, { as: person })).status).toBe(204);
    expect((await edit('Tropical medicine')).body.code).toBe('unknown_specialization');
  });
});
