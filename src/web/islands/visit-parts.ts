// Forms of a [data-part] are sent in place, so that what stands in the others stays: the part is replaced by what the
// server answers, and [data-refresh] parts with it.
const said = document.createElement('p');
said.setAttribute('role', 'status');
said.className = 'notice good';
said.hidden = true;

const swap = (page: Document, id: string): Element | null => {
  const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
  if (old === null || fresh === null) return null;
  old.replaceWith(fresh);
  return fresh;
};

const send = async (form: HTMLFormElement, part: Element, submitter: HTMLElement | null): Promise<void> => {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) if (typeof value === 'string') body.append(name, value);
  const answer = await fetch(form.action, { method: 'POST', body });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const isSame = new URL(answer.url).pathname === location.pathname || !answer.redirected;
  const fresh = isSame ? swap(page, part.id) : null;
  if (fresh === null) {
    location.assign(answer.redirected ? answer.url : location.href);
    return;
  }
  for (const { id } of document.querySelectorAll('[data-refresh]')) swap(page, id);
  const notice = page.querySelector('main > .notice[role="status"]')?.textContent?.trim() ?? '';
  said.hidden = notice === '';
  said.textContent = '';
  if (notice !== '') {
    fresh.querySelector('h2')?.after(said);
    // A live region speaks of what changes once it is there.
    setTimeout(() => {
      said.textContent = notice;
    }, 50);
  }
  document.title = page.title;
  const focus = fresh.querySelector<HTMLElement>('[data-focus]') ?? fresh.querySelector<HTMLElement>('h2');
  if (focus !== null) {
    focus.tabIndex = -1;
    focus.focus();
  }
};

/** Whether something stands in a part that is not saved. */
const isUnsaved = (part: HTMLElement): boolean =>
  part.dataset.draft !== undefined ||
  [...part.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input:not([type=hidden]), textarea')].some(
    ({ value, defaultValue }) => value !== defaultValue,
  );

const warning = document.createElement('div');
warning.setAttribute('role', 'alert');
warning.className = 'notice warn';
let warnedOf = '';

/** Names the parts that would be lost with the end of the visit; not a second time. */
const warns = (form: HTMLFormElement, end: HTMLElement): boolean => {
  const parts = [...document.querySelectorAll<HTMLElement>('[data-part]')].filter(isUnsaved);
  const named = parts.map(({ id }) => id).join();
  if (named === '' || named === warnedOf) return false;
  warnedOf = named;
  const list = document.createElement('ul');
  const [before, after] = [document.createElement('p'), document.createElement('p')];
  before.textContent = end.dataset.unsaved ?? '';
  after.textContent = end.dataset.unsavedAgain ?? '';
  for (const part of parts) {
    const link = document.createElement('a');
    link.href = `#${part.id}`;
    link.textContent = part.querySelector('h2')?.textContent ?? '';
    const item = document.createElement('li');
    item.append(link);
    list.append(item);
  }
  form.before(warning);
  warning.replaceChildren(before, list, after);
  // The warning has pushed away the button that has the focus.
  form.scrollIntoView({ block: 'nearest' });
  return true;
};

// Before the page takes the form for sent.
document.addEventListener(
  'submit',
  (event) => {
    const form = event.target as HTMLFormElement;
    const end = form.closest<HTMLElement>('[data-unsaved]');
    if (end === null || !warns(form, end)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  const part = form.closest('[data-part]');
  if (part === null || form.dataset.alone !== undefined) return;
  event.preventDefault();
  if (form.dataset.onItsWay !== undefined) return;
  form.dataset.onItsWay = '';
  send(form, part, event.submitter).catch(() => {
    // Whatever it was, the browser can send the form by itself.
    form.dataset.alone = '';
    form.submit();
  });
});
