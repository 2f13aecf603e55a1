import type { Child } from 'hono/jsx';
import type { Principal } from '../domain/access.ts';
import { FieldContext } from './components/field.tsx';
import { Icon } from './components/icon.tsx';
import { navigationOf } from './navigation.ts';
import type { Reader } from './reader.ts';
import type { Page } from './visit.tsx';
import { isNotice, noticesOf } from './words/notices.ts';
import { languageNames, wordsOf } from './words/words.ts';

interface Frame {
  readonly page: Page;
  readonly reader: Reader;
  readonly nonce: string;
  readonly origin: string;
  /** The path and query of the page, where a change of language leads back to. */
  readonly here: string;
  readonly who: Principal | null;
  /** Whether this Daybook runs on a developer's machine, and shows its mail instead of sending it. */
  readonly isDevelopment: boolean;
  readonly csrfToken: string;
  /** What this deployment is, so that browsers may keep its files for as long as it lives. */
  readonly version: string;
  /** What the change before this page has done. */
  readonly notice: string | undefined;
  readonly children?: Child;
}

/** The whole document around what a page says: its head, the bar, the landmarks. */
export const Layout = (frame: Frame) => {
  const { page, reader, nonce, notice, children } = frame;
  const words = wordsOf[reader.locale];
  return (
    <html lang={reader.locale} dir="ltr" data-theme={reader.theme}>
      <Head {...frame} />
      <body>
        <a class="skip" href="#content">
          {words.skip}
        </a>
        <Bar {...frame} />
        <main id="content" tabindex={-1}>
          {isNotice(notice) ? (
            <p class="notice good" role="status" tabindex={-1} data-focus>
              <Icon name="check" /> {noticesOf[reader.locale][notice]}
            </p>
          ) : null}
          <FieldContext.Provider value={{ locale: reader.locale }}>{children}</FieldContext.Provider>
        </main>
        <Foot {...frame} />
        {['page', ...(page.islands ?? [])].map((name) => (
          <script type="module" nonce={nonce} src={`/web/${name}.js?v=${frame.version}`} />
        ))}
      </body>
    </html>
  );
};

const Head = ({ page, reader, nonce, version, origin }: Frame) => (
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>{`${page.title} · Daybook`}</title>
    <meta name="description" content={page.description ?? wordsOf[reader.locale].description} />
    {page.description === undefined ? <meta name="robots" content="noindex" /> : null}
    {page.canonical === undefined ? null : <link rel="canonical" href={`${origin}${page.canonical}`} />}
    <meta name="theme-color" content="#2563eb" />
    <link rel="icon" type="image/svg+xml" href={`/web/icon.svg?v=${version}`} />
    <link rel="stylesheet" nonce={nonce} href={`/web/style.css?v=${version}`} />
    {page.data === undefined ? null : (
      <script
        type="application/ld+json"
        nonce={nonce}
        // A "<" inside JSON could end the element.
        dangerouslySetInnerHTML={{ __html: JSON.stringify(page.data).replaceAll('<', '\\u003c') }}
      />
    )}
  </head>
);

const Bar = ({ page, reader, who, csrfToken, here }: Frame) => {
  const words = wordsOf[reader.locale];
  const entries = navigationOf(who);
  return (
    <header class="bar">
      <a class="brand" href="/">
        <Icon name="book" /> Daybook
      </a>
      <nav class={entries.length > 8 ? 'menu long' : 'menu'} aria-label={words.mainNavigation}>
        <ul>
          {entries.map(({ key, path }) => (
            <li>
              <a href={path} {...(page.at === key ? { 'aria-current': 'page' } : {})}>
                {words.navigation[key]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {who === null ? (
        <div class="entrance">
          <a class="button plain" href={`/login?to=${encodeURIComponent(here)}`}>
            {words.signIn}
          </a>
          <a class="button" href="/register">
            {words.register}
          </a>
        </div>
      ) : (
        <form method="post" action="/logout" class="entrance">
          <input type="hidden" name="csrf" value={csrfToken} />
          <button class="plain" type="submit">
            {words.signOut}
          </button>
        </form>
      )}
    </header>
  );
};

const Foot = ({ reader, here, who, csrfToken, isDevelopment }: Frame) => {
  const words = wordsOf[reader.locale];
  const back = encodeURIComponent(here);
  const other = reader.locale === 'en' ? 'bn' : 'en';
  const isPatient = who?.role === 'patient';
  return (
    <footer>
      <ul class="row">
        <li>
          {who === null ? (
            <a lang={other} hreflang={other} href={`/language/${other}?to=${back}`} rel="nofollow">
              {languageNames[other]}
            </a>
          ) : (
            <form method="post" action={`/language/${other}`}>
              <input type="hidden" name="csrf" value={csrfToken} />
              <input type="hidden" name="to" value={here} />
              <button type="submit" lang={other}>
                {languageNames[other]}
              </button>
            </form>
          )}
        </li>
        {(['light', 'dark', 'auto'] as const)
          .filter((theme) => theme !== reader.theme)
          .map((theme) => (
            <li>
              <a href={`/theme/${theme}?to=${back}`} rel="nofollow">
                {words.themes[theme]}
              </a>
            </li>
          ))}
        {isPatient ? null : (
          <li>
            <a href="/api/v1/docs">{words.api}</a>
          </li>
        )}
        {isDevelopment && !isPatient ? (
          <li>
            <a href="/dev/mailbox">{words.mailbox}</a>
          </li>
        ) : null}
      </ul>
    </footer>
  );
};
