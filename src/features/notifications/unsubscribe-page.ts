import { html, raw } from 'hono/html';
import type { Locale } from '../../domain/notifications/preferences.ts';

/** What the page of a link in a mail says, in the language of its reader. */
const words = {
  en: {
    ask: 'No more mail of this kind?',
    which: 'These mails would stop:',
    stop: 'Stop these mails',
    done: 'These mails have stopped',
    stopped: 'You will get no more of these:',
    rest: 'Other notices stay as they are. You can change all of this in Daybook at any time.',
  },
  bn: {
    ask: 'এই ধরনের মেইল আর চান না?',
    which: 'এই মেইলগুলো বন্ধ হবে:',
    stop: 'এই মেইল বন্ধ করুন',
    done: 'এই মেইল বন্ধ করা হয়েছে',
    stopped: 'এগুলো আর পাবেন না:',
    rest: 'অন্য বার্তাগুলো আগের মতোই আসবে। Daybook-এ যেকোনো সময় এসব বদলাতে পারবেন।',
  },
} as const satisfies Record<Locale, Record<string, string>>;

const sheet = raw(`:root{color-scheme:light dark}
body{margin:0;padding:10vh 20px;font:17px/1.6 system-ui,sans-serif;color:#17201d;background:#f1f5f3}
main{max-width:32rem;margin:auto}
button{font:inherit;font-weight:700;padding:.7rem 1.4rem;border:0;border-radius:8px;background:#0b6451;color:#fff}
button:focus-visible{outline:3px solid;outline-offset:3px}
@media (prefers-color-scheme:dark){body{color:#e9f0ed;background:#0f1513}button{background:#7ed3bd;color:#04241c}}`);

/**
 * The page behind the link that ends mails of a kind. To open it ends nothing, for programs that look at links before
 * their readers do open it as well; its button does. It names a kind of mail and nobody.
 */
export const unsubscribePage = (
  locale: Locale,
  { title, done, nonce }: { readonly title: string; readonly done: boolean; readonly nonce: string },
): string => {
  const said = words[locale];
  const button = html`<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><p><button>${said.stop}</button></p></form>`;
  return String(html`<!doctype html>
<html lang="${locale}" dir="ltr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${done ? said.done : said.ask}</title><style nonce="${nonce}">${sheet}</style></head>
<body><main><h1>${done ? said.done : said.ask}</h1>
<p>${done ? said.stopped : said.which} <strong>${title}</strong></p>
${done ? '' : button}
<p>${said.rest}</p></main></body>
</html>`);
};
