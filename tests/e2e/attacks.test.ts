import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Cast, cast, pages, pathOf } from './pages.ts';
import { sql } from './support/backstage.ts';
import { type OtherSite, otherSite } from './support/other-site.ts';
import { visited } from './support/past.ts';
import { admin, booked, dateIn, doctor, type Person, patient } from './support/people.ts';
import { visits } from './support/visits.ts';

let people: Cast;
const sites: OtherSite[] = [];
beforeAll(async () => {
  people = { ...(await cast()), admin: await admin() };
});
afterAll(async () => {
  await Promise.all(sites.map((site) => site.end()));
});

const evil = async (html: string): Promise<OtherSite> => {
  const site = await otherSite({ '/': { html: `<!doctype html><title>Evil</title>${html}` } });
  sites.push(site);
  return site;
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** A form that changes something, as a page of ours has it. A field without a value is for a file. */
interface Found {
  readonly action: string;
  readonly enctype: string;
  readonly fields: readonly (readonly [name: string, value: string | null])[];
}

/** Runs in a page: the forms of documents that change something, filled by one who knows everything but the token. */
const formsIn = (documents: readonly string[]): Found[] =>
  documents.flatMap((html) => {
    const forms = new DOMParser()
      .parseFromString(html, 'text/html')
      .querySelectorAll<HTMLFormElement>('form[method=post]');
    return [...forms].map((form) => ({
      action: form.getAttribute('action') ?? '',
      enctype: form.enctype,
      fields: [...new FormData(form)]
        .filter(([name]) => name !== 'csrf')
        .map(([name, value]) => [name, typeof value === 'string' ? value : null] as const),
    }));
  });

/** Every form of the pages that somebody has, one for each place that it is sent to. */
const formsOf = async (role: keyof Cast): Promise<Found[]> => {
  const cookie = Object.entries(people[role].cookies)
    .map((pair) => pair.join('='))
    .join('; ');
  const documents: string[] = [];
  for (const row of pages.filter(({ as }) => as === role || as === 'nobody')) {
    const answer = await fetch(inject('url') + (await pathOf(row, people)), { headers: { cookie } });
    documents.push(await answer.text());
  }
  const visitor = await visits();
  const forms = await visitor.page.evaluate(formsIn, documents);
  const kind = ({ action }: Found): string => action.replaceAll(/\b[a-z]_[\w-]{10,}/g, ':id').split('?')[0] ?? '';
  return [...new Map(forms.map((form) => [kind(form), form])).values()];
};

/** A page of another site that sends forms to ours as soon as it is opened, each into a frame of its own. */
const forging = (forms: readonly Found[]): string => {
  const input = ([name, value]: Found['fields'][number]): string =>
    value === null
      ? `<input type="file" name="${escaped(name)}">`
      : `<input name="${escaped(name)}" value="${escaped(value)}">`;
  const form = ({ action, enctype, fields }: Found, i: number): string => {
    const to = `action="${inject('url')}${escaped(action)}" method="post" enctype="${enctype}" target="f${i}"`;
    return `<form ${to}>${fields.map(input).join('')}</form><iframe name="f${i}"></iframe>`;
  };
  return `${forms.map(form).join('')}<script>
    for (const input of document.querySelectorAll('[type=file]')) {
      const chosen = new DataTransfer();
      chosen.items.add(new File(['%PDF-1.4 evil'], 'evil.pdf', { type: 'application/pdf' }));
      input.files = chosen.files;
    }
    for (const form of document.forms) HTMLFormElement.prototype.submit.call(form);
  </script>`;
};

/** What looks and changes nothing, however it is asked for. */
const onlyLooks = ['200 /admin/audit/verify'];

/** What somebody has changed, as the audit has it, and whether their sessions live. Others may look meanwhile. */
const traceOf = async ({ id }: Person): Promise<unknown> =>
  sql(
    `select action, count(*) as times from audit_events where actor_id = '${id}'
     and action not glob '*.*read' and action not glob '*.listed' and action not glob 'session.*'
     and action not in ('sign_in.failed', 'audit.verified', 'patient_document.seen', 'patients.searched') group by action`,
    `select count(*) as ended from sessions where account_id = '${id}' and ended_at_ms is not null`,
  );

describe.each(['patient', 'doctor', 'admin'] as const)('[WB2] a page of another site, visited by a %s', (role) => {
  test('changes nothing by any form that there is', { timeout: 120_000 }, async () => {
    const forms = await formsOf(role);
    expect(forms.map(({ action }) => action)).toContain('/logout');
    const before = await traceOf(people[role]);
    const login = {
      action: '/login',
      enctype: '',
      fields: [
        ['email', 'e@example.org'],
        ['password', 'x'],
      ],
    } as const;
    const sent = [...forms, login];
    const site = await evil(forging(sent));
    // By the same host at another port the browser sends the cookies along (SameSite); by another host, it does not.
    for (const url of [site.url, site.url.replace('localhost', '127.0.0.1')]) {
      const victim = await visits({ as: people[role] });
      const answers: string[] = [];
      victim.page.on('response', (response) => {
        if (!response.url().startsWith(inject('url')) || response.request().method() !== 'POST') return;
        // Without the cookies it is nobody who asks, and nobody is led to sign in.
        const isLedAway = response.status() === 303 && /^\/login\b/.test(response.headers().location ?? '');
        answers.push(`${isLedAway ? 401 : response.status()} ${new URL(response.url()).pathname}`);
      });
      await victim.page.goto(url, { waitUntil: 'load' });
      await expect.poll(() => answers.length, { timeout: 30_000 }).toBe(sent.length);
      expect(answers.filter((answer) => answer < '4' && !onlyLooks.includes(answer))).toEqual([]);
      await victim.opens('/');
      await victim.sees('Sign out');
    }
    expect(await traceOf(people[role])).toEqual(before);
  });

  test('cannot frame what they see', async () => {
    const rows = pages.filter(({ as }) => as === role);
    for (const row of [pages[0], rows[0]]) {
      if (row === undefined) continue;
      const site = await evil(`<iframe src="${inject('url')}${await pathOf(row, people)}"></iframe>`);
      const victim = await visits({ as: people[role] });
      await victim.page.goto(site.url);
      const [, frame] = victim.page.frames();
      expect(frame?.url()).toMatch(/^chrome-error:/);
    }
  });
});

const script = '<img src=x onerror=pwned=1>"\'><script>pwned=1</script>';

test('[WB12] markup that people write is text on every page that shows it', { timeout: 120_000 }, async () => {
  const [author, victim, boss] = await Promise.all([
    patient(`Eve ${script}`),
    doctor({ fullName: `Dr ${script}`, bio: `Bio ${script}`, feeMinor: 0 }),
    admin(`Ada ${script}`),
  ]);
  const { id } = await booked(author, victim.id, `Reason ${script}`);
  const past = await visited(author, victim);
  await author.asks('POST', `/appointments/${past}/review`, { stars: 1, text: `Review ${script}`, showName: true });
  const shown: readonly (readonly [as: Person | null, path: string, text: string | null])[] = [
    [null, `/doctors/${victim.id}`, `Bio ${script}`],
    [null, `/doctors/${victim.id}`, `Review ${script}`],
    [null, `/doctors/${victim.id}/reviews`, `Review ${script}`],
    [null, `/?q=${encodeURIComponent(script)}`, null],
    [null, `/?place=${encodeURIComponent(script)}&near=${encodeURIComponent(script)}`, null],
    [null, `/login?to=${encodeURIComponent(`/"${script}`)}`, null],
    [null, `/?done=${encodeURIComponent(script)}`, null],
    [author, '/appointments', `Dr ${script}`],
    [author, `/appointments/${id}`, `Reason ${script}`],
    [author, '/account', null],
    [victim, `/day?date=${dateIn(3)}`, `Eve ${script}`],
    [victim, `/week?from=${dateIn(3)}`, `Eve ${script}`],
    [victim, `/day/${id}`, `Reason ${script}`],
    [victim, '/reviews', `Review ${script}`],
    [boss, `/admin/users/${author.id}`, `Eve ${script}`],
    [boss, `/admin/doctors/${victim.id}`, `Dr ${script}`],
    [boss, `/admin/appointments/of/${author.id}`, `Dr ${script}`],
    [boss, '/admin/reviews', `Review ${script}`],
  ];
  for (const [as, path, text] of shown) {
    const reader = await visits({ as });
    const status = await reader.opens(path);
    expect([path, status]).toEqual([path, status < 500 && text === null ? status : 200]);
    if (text !== null) await reader.sees(text);
    expect(await reader.page.evaluate(() => 'pwned' in window)).toBe(false);
    expect(reader.watch.heard()).toEqual([]);
    await reader.page.close();
  }
});
