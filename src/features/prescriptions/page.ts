import { html, raw } from 'hono/html';
import type { Locale } from '../../domain/notifications/preferences.ts';
import type { RefusalCode } from '../../domain/refusal.ts';
import type { Verified } from './schema.ts';
import { type Words, words } from './words.ts';

const sheet = raw(`:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;padding:6vh 20px;font:17px/1.6 system-ui,sans-serif;color:#17201d;background:#f1f5f3}
main{max-width:34rem;margin:auto}
h1{font-size:1.5rem;line-height:1.3}
.sign{border-left:6px solid #0b6451;padding-left:1rem}
.sign.no{border-color:#b3261e}
dl{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1.2rem;margin:1.5rem 0}
dt{color:#4b5853}dd{margin:0;font-weight:600;overflow-wrap:anywhere}
form{margin-top:2rem;padding-top:1rem;border-top:1px solid #c5d1cb}
label{display:block;margin-top:.8rem;font-weight:600}
input{font:inherit;width:100%;padding:.6rem;border:1px solid #5d6b65;border-radius:8px;background:Canvas;color:CanvasText}
button{font:inherit;font-weight:700;margin-top:1.2rem;padding:.7rem 1.4rem;border:0;border-radius:8px;background:#0b6451;color:#fff}
button:focus-visible,input:focus-visible{outline:3px solid;outline-offset:3px}
[role=alert]{font-weight:700;color:#a3221b}
@media (prefers-color-scheme:dark){body{color:#e9f0ed;background:#0f1513}dt{color:#a9b8b1}button{background:#7ed3bd;color:#04241c}[role=alert]{color:#ffb4ab}}`);

const shell = (locale: Locale, nonce: string, title: string, content: unknown): string =>
  String(html`<!doctype html>
<html lang="${locale}" dir="ltr">
<head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/><meta name="robots" content="noindex"/><title>${title}</title><style nonce="${nonce}">${sheet}</style></head>
<body><main>${content}</main></body>
</html>`);

/** The page behind a token that is none of ours, or leads to nothing any more: one and the same. */
export const unknownPage = (locale: Locale, nonce: string): string => {
  const say = words[locale];
  return shell(
    locale,
    nonce,
    say.unknown,
    html`<div class="sign no"><h1>${say.unknown}</h1></div><p>${say.unknownHow}</p>`,
  );
};

/** How a try to dispense went: done, or why not. */
export type Tried = 'done' | RefusalCode | null;

const titleOf = (say: Words, { authentic, state }: Verified): string => {
  if (!authentic) return say.notAuthentic;
  return state === 'active' ? say.authentic : say.over;
};

/** Why a try has failed, in words. */
const faultOf = (say: Words, tried: Tried): string | null => {
  switch (tried) {
    case null:
    case 'done':
      return null;
    case 'wrong_code':
      return say.wrongCode;
    case 'rate_limited':
      return say.tooMany;
    case 'prescription_not_active':
      return say.notActive;
    default:
      return say.invalid;
  }
};

/**
 * The page behind a QR code, for whoever has the paper: whether it is authentic, what it is now, and who wrote it for
 * which initials. What is on it stays on the paper. While it may be dispensed, there is a form for the code.
 */
export const verifyPage = (locale: Locale, nonce: string, found: Verified, tried: Tried): string => {
  const say = words[locale];
  const day = new Intl.DateTimeFormat(locale === 'bn' ? 'bn-BD' : 'en-GB', {
    dateStyle: 'long',
    timeZone: found.timeZone,
  });
  const on = (instant: string): string => day.format(new Date(instant));
  const state = say.states[found.state];
  const isGood = found.authentic && found.state === 'active';
  const title = tried === 'done' ? say.done : titleOf(say, found);
  const fault = faultOf(say, tried);
  const facts: readonly (readonly [string, string])[] = [
    [say.state, found.dispensedAt === null ? state : `${state}, ${on(found.dispensedAt)}`],
    [say.validUntil, on(found.validUntil)],
    [say.doctor, found.doctor.name],
    [say.licence, found.doctor.licenseNumber],
    [say.initials, found.patientInitials],
    [say.medicines, String(found.itemCount)],
  ];
  const form = html`<form method="post"><h2>${say.dispense}</h2><p>${say.dispenseHow}</p>
<label for="code">${say.code}</label><input id="code" name="code" type="text" inputmode="numeric" autocomplete="off" maxlength="12" required=""/>
<label for="pharmacy">${say.pharmacy}</label><input id="pharmacy" name="pharmacy" type="text" autocomplete="organization" maxlength="120" required=""/>
<p><button type="submit">${say.submit}</button></p></form>`;
  return shell(
    locale,
    nonce,
    title,
    html`<div class="sign${isGood || tried === 'done' ? '' : ' no'}"${tried === 'done' ? raw(' role="status"') : ''}><h1>${title}</h1></div>
${fault === null ? '' : html`<p role="alert">${fault}</p>`}
<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
${tried === 'done' ? '' : html`<p>${say.compare}</p>`}
${isGood ? form : ''}`,
  );
};
