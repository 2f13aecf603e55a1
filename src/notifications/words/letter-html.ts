import { html, raw } from 'hono/html';
import type { Letter } from './letter.ts';

const font = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans Bengali',sans-serif";

/**
 * What inline styles cannot say. Clients that drop it show the light colours, which are all set inline; those that turn
 * colours themselves find both schemes declared and leave them alone.
 */
const sheet = raw(`:root{color-scheme:light dark;supported-color-schemes:light dark}
a[x-apple-data-detectors]{color:inherit!important;text-decoration:none!important}
@media (max-width:480px){.pad{padding-left:20px!important;padding-right:20px!important}}
@media (prefers-color-scheme:dark){
.ground{background-color:#0f1513!important}
.card{background-color:#19211e!important;border-color:#2d3935!important}
.ink{color:#e9f0ed!important}
.soft{color:#a9b8b2!important}
.when{background-color:#21302b!important}
.rule{border-color:#2d3935!important}
.press{background-color:#7ed3bd!important;color:#04241c!important}
.link{color:#8edcc8!important}
}`);

const detail = (label: string, value: string) => html`<tr>
<th scope="row" class="soft rule" style="padding:10px 16px 10px 0;border-top:1px solid #dfe5e2;text-align:start;vertical-align:top;font-weight:400;font-size:15px;line-height:22px;color:#55635d">${label}</th>
<td class="ink rule" style="padding:10px 0;border-top:1px solid #dfe5e2;text-align:start;vertical-align:top;font-size:16px;line-height:22px;color:#17201d;overflow-wrap:anywhere;word-break:break-word">${value}</td>
</tr>`;

const footerLink = (label: string, url: string) =>
  html`<a class="link" href="${url}" style="color:#0a5f4d;text-decoration:underline">${label}</a>`;

/**
 * A mail as HTML: one column that a phone shows whole, colours for light and dark, at least 4.5 to 1 between text and
 * ground (WCAG 2.2, 1.4.3), a heading, a table with headers, the language said on what clients keep of the page. It
 * loads nothing from anywhere, so to open it tells nobody anything.
 */
export const htmlOf = (letter: Letter): string => {
  const { tag, dir, title, lead, date, hours, zone, details, action, why, preferences, unsubscribe } = letter;
  const hoursLine =
    hours === null
      ? ''
      : html`<p class="ink" style="margin:4px 0 0;font-size:24px;line-height:32px;font-weight:700;color:#17201d">${hours}</p>`;
  const table =
    details.length === 0
      ? ''
      : html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin-top:20px;border-collapse:collapse">${details.map(({ label, value }) => detail(label, value))}</table>`;
  const ending = unsubscribe === null ? '' : html` &nbsp;·&nbsp; ${footerLink(unsubscribe.label, unsubscribe.url)}`;
  return String(html`<!doctype html>
<html lang="${tag}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<meta name="x-apple-disable-message-reformatting">
<title>${title}</title>
<style>${sheet}</style>
</head>
<body class="ground" style="margin:0;padding:0;background-color:#f1f5f3">
<div class="ground" lang="${tag}" dir="${dir}" style="background-color:#f1f5f3;${font}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" style="padding:24px 12px">
<!--[if mso]><table role="presentation" width="560"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px">
<tr><td class="pad soft" style="padding:0 32px 12px;text-align:start;font-size:15px;line-height:20px;font-weight:700;color:#55635d">Daybook</td></tr>
<tr><td class="card pad" style="padding:32px;background-color:#ffffff;border:1px solid #dfe5e2;border-radius:12px;text-align:start">
<h1 class="ink" style="margin:0;font-size:24px;line-height:32px;font-weight:700;color:#17201d">${title}</h1>
<p class="ink" style="margin:12px 0 0;font-size:16px;line-height:25px;color:#17201d;overflow-wrap:anywhere">${lead}</p>
<div class="when" style="margin-top:24px;padding:16px 20px;background-color:#e7f2ee;border-radius:10px">
<p class="ink" style="margin:0;font-size:16px;line-height:24px;color:#17201d">${date}</p>
${hoursLine}
<p class="soft" style="margin:4px 0 0;font-size:14px;line-height:20px;color:#4c5a54">${zone}</p>
</div>
${table}
<p style="margin:28px 0 0"><a class="press" href="${action.url}" style="display:inline-block;padding:13px 24px;background-color:#0b6451;color:#ffffff;border-radius:8px;font-size:16px;line-height:22px;font-weight:700;text-decoration:none">${action.label}</a></p>
</td></tr>
<tr><td class="pad soft" style="padding:20px 32px 0;text-align:start;font-size:14px;line-height:21px;color:#55635d">
<p style="margin:0">${why}</p>
<p style="margin:8px 0 0">${footerLink(preferences.label, preferences.url)}${ending}</p>
</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr></table>
</div>
</body>
</html>`);
};
