// On every page. Tells the server the reader's time zone, brings the focus to what came of a change, and stops a form from
// being sent twice.
const yearSeconds = 365 * 86_400;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
// biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
if (zone) document.cookie = `daybook-zone=${zone}; path=/; max-age=${yearSeconds}; samesite=lax`;

// What is wider than the page, a menu or tabs, shows where one is, also when the device is turned.
const showWhere = (): void => {
  for (const entry of document.querySelectorAll<HTMLElement>(':is(.menu, .tabs) [aria-current]')) {
    const strip = entry.closest<HTMLElement>('.menu, .tabs');
    if (strip === null) continue;
    const [one, all] = [entry.getBoundingClientRect(), strip.getBoundingClientRect()];
    strip.scrollLeft += one.left - all.left - (all.width - one.width) / 2;
  }
};
showWhere();
addEventListener('resize', showWhere);

// Chromium leaves what has the focus cut off in what is scrolled sideways.
document.addEventListener('focusin', ({ target }) => {
  const one = target as Element;
  if (one.closest('.menu, .tabs, .scroll')) one.scrollIntoView({ block: 'nearest', inline: 'nearest' });
});

// After a change, those who use a keyboard go on from what was refused, or from what was done.
const news = document.querySelector<HTMLElement>('[data-focus]');
const changed = document.getElementById(location.hash.slice(1));
if (news !== null && changed !== null) {
  // The browser goes to the part that the address names, and would take the focus from everything else.
  news.id ||= 'news';
  changed.setAttribute('aria-describedby', news.id);
  changed.tabIndex = -1;
}
(news && (changed ?? news))?.focus();

document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  if (form.method !== 'post' || form.dataset.again !== undefined) return;
  if (form.dataset.sent !== undefined) event.preventDefault();
  else form.dataset.sent = '';
});

// A page that the browser shows again from its memory may be sent again.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-sent]')) delete form.dataset.sent;
});
