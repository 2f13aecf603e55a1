import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type OtherSite, otherSite } from '../support/other-site.ts';
import { visits } from '../support/visits.ts';
import { problemsOf } from './checked.ts';

const nonce = 'AAAAAAAAAAAAAAAAAAAAAA';
const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;
const script = (text: string): string => `<script nonce="${nonce}">${text}</script>`;
const style = (text: string): string => `<style nonce="${nonce}">${text}</style>`;

/** A page that nothing is wrong with, and around it what each fault adds. */
const page = (body = '', { head = '', lang = 'en', title = 'A page', heading = '<h1>A page</h1>' } = {}): string =>
  `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width"/>` +
  `<title>${title}</title><link rel="icon" href="data:,"/>${style('body{color:#000;background:#fff}')}${head}</head>` +
  `<body><main>${heading}<p>Some text.</p>${body}</main></body></html>`;

const pageWith = (body: string, parts: Parameters<typeof page>[1] = {}): Answer => ({ html: page(body, parts) });

/** Each fault: the page that has it, and what is said of it. */
const faults: Readonly<Record<string, readonly [Answer, RegExp]>> = {
  'too little contrast': [pageWith(`<p class="pale">Pale</p>${style('.pale{color:#bbb}')}`), /axe, color-contrast/],
  'a field without a label': [pageWith('<input name="a" type="text"/>'), /axe, label/],
  'targets too small and too close': [
    pageWith(
      `<ul class="s"><li><button type="button">a</button></li><li><button type="button">b</button></li></ul>${style('.s{margin:0;padding:0;list-style:none;line-height:1}.s li{height:12px}.s button{height:12px;width:12px;padding:0;border:0;display:block;font-size:9px}')}`,
    ),
    /axe, target-size/,
  ],
  'a heading that is passed over': [pageWith('<h3>Deep</h3>'), /axe, heading-order/],
  'a paragraph in a paragraph': [pageWith('<p>One<div>Two</div></p>'), /html, (no-implicit-close|close-order)/],
  'an id that is there twice': [pageWith('<p id="a">1</p><p id="a">2</p>'), /html, no-dup-id/],
  'an inline style': [pageWith('<p style="color:red">Red</p>'), /Applying inline style violates/],
  'a script without the nonce': [pageWith('<script>1</script>'), /Executing inline script violates/],
  'an inline handler': [pageWith('<button type="button" onclick="a()">Press</button>'), /an inline handler: <button/],
  'a javascript: address': [pageWith('<a href="javascript:a()">Go</a>'), /a javascript: address: <a/],
  'a script that throws': [pageWith(script('throw new Error("oh no")')), /a script threw: oh no/],
  'an error in the console': [pageWith(script('console.error("dear me")')), /the console says .*dear me/],
  'a file that is not there': [pageWith('<img src="/gone.png" alt="Gone"/>'), /the console says .*gone\.png.* 404/],
  'somebody else is asked': [pageWith('<img src="http://127.0.0.1:9/x.png" alt="X"/>'), /asks somebody else: .*x\.png/],
  'something wider than the window': [
    pageWith(`<div class="wide">Wide</div>${style('.wide{width:1500px}')}`),
    /it is 15\d\d px wide in 360: .*Wide/,
  ],
  'a text that is cut off': [
    pageWith(`<p class="cut">One Two</p>${style('.cut{width:30px;white-space:nowrap;overflow:hidden}')}`),
    /does not fit across: <p class="cut"/,
  ],
  'a text that is cut off below': [
    pageWith(`<p class="low">One Two</p>${style('.low{height:8px;overflow:hidden}')}`),
    /does not fit down: <p class="low"/,
  ],
  'another language': [pageWith('', { lang: 'bn' }), /its language is “bn”/],
  'no title': [pageWith('', { title: '' }), /it has no title/],
  'no first heading': [pageWith('', { heading: '' }), /it has 0 first headings/],
  'a focus that is lost': [
    pageWith(`<button type="button" id="b">Go</button>${script('b.focus();b.remove()')}`),
    /the focus was lost/,
  ],
  'a heavy script': [
    pageWith(`<script nonce="${nonce}" src="/heavy.js"></script>`),
    /its scripts are \d{5} bytes compressed, and may be 20480/,
  ],
  'a heavy style': [
    pageWith(style(`:root{--a:"${randomBytes(20_000).toString('base64')}"}`)),
    /its styles are \d{5} bytes compressed, and may be 15360/,
  ],
  'no policy': [{ html: page(), headers: { 'content-security-policy': '' } }, /it has no Content-Security-Policy/],
  'a policy that lets inline scripts run': [
    { html: page(), headers: { 'content-security-policy': policy.replace("'none'", "'self'") } },
    /its Content-Security-Policy has default-src 'self'/,
  ],
};

let site: OtherSite;
const pathOf = (name: string): string => `/${name.replaceAll(/\W+/g, '-')}`;
beforeAll(async () => {
  const guarded = ({ headers = {}, ...answer }: Answer): Answer => ({
    ...answer,
    headers: { 'content-security-policy': policy, ...headers },
  });
  const pages = Object.entries(faults).map(([name, [answer]]) => [pathOf(name), guarded(answer)] as const);
  site = await otherSite({
    ...Object.fromEntries(pages),
    '/sound': guarded({ html: page() }),
    '/refused': guarded({ html: page(), status: 422 }),
    '/heavy.js': {
      html: `"${randomBytes(30_000).toString('base64')}"`,
      headers: { 'content-type': 'text/javascript' },
    },
  });
});
afterAll(() => site.end());

const seenAt = async (path: string, javaScript = true): Promise<string[]> => {
  const visitor = await visits({ at: site.url, width: 360, javaScript });
  await visitor.opens(path);
  return problemsOf(visitor, 'whole');
};

test.each([true, false])('of a page that nothing is wrong with, nothing is said; scripts: %s', async (javaScript) => {
  expect(await seenAt('/sound', javaScript)).toEqual([]);
  expect(await seenAt('/refused', javaScript)).toEqual([]);
});

test.each(Object.entries(faults))('[WB9] [WB10] %s is found', async (name, [, said]) => {
  expect((await seenAt(pathOf(name))).join('\n')).toMatch(said);
});

test('faults are found where no script runs, too', async () => {
  for (const name of ['too little contrast', 'an inline style', 'something wider than the window'])
    expect((await seenAt(pathOf(name), false)).join('\n')).toMatch(faults[name]?.[1] ?? '');
});
