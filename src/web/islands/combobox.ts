// Suggestions under a field while one types: an editable combobox with a list box (ARIA Authoring Practices, "list
// autocomplete with manual selection"). The server makes the options; each leads to a page, or fills another field.
const restMs = 150;
const shortest = 2;
const number = new Intl.NumberFormat(document.documentElement.lang);

const enhance = (input: HTMLInputElement, source: string): void => {
  const [title = '', nothing = ''] = JSON.parse(input.dataset.words ?? '[]') as string[];
  const into = input.dataset.into;
  const target = into === undefined ? null : input.form?.elements.namedItem(into);
  const id = `${input.id}-list`;
  const list = document.createElement('div');
  list.id = id;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', title);
  list.hidden = true;
  const said = document.createElement('span');
  said.className = 'unseen';
  said.setAttribute('role', 'status');
  input.parentElement?.classList.add('suggests');
  input.after(list, said);
  for (const [name, value] of [
    ['role', 'combobox'],
    ['aria-autocomplete', 'list'],
    ['aria-controls', id],
    ['aria-expanded', 'false'],
    ['aria-haspopup', 'listbox'],
  ] as const)
    input.setAttribute(name, value);

  let options: HTMLElement[] = [];
  let active = -1;
  let timer = 0;
  let asking: AbortController | null = null;

  const activate = (index: number): void => {
    options[active]?.setAttribute('aria-selected', 'false');
    active = index;
    const option = options[active];
    option?.setAttribute('aria-selected', 'true');
    option?.scrollIntoView({ block: 'nearest' });
    if (option === undefined) input.removeAttribute('aria-activedescendant');
    else input.setAttribute('aria-activedescendant', option.id);
  };
  const close = (): void => {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    activate(-1);
  };
  const open = (html: string): void => {
    list.innerHTML = html;
    options = [...list.querySelectorAll<HTMLElement>('[role="option"]')];
    options.forEach((option, i) => {
      option.id = `${id}-${i}`;
    });
    active = -1;
    input.removeAttribute('aria-activedescendant');
    list.hidden = options.length === 0;
    input.setAttribute('aria-expanded', String(options.length > 0));
    said.textContent = options.length === 0 ? nothing : `${title}: ${number.format(options.length)}`;
  };
  const choose = (option: HTMLElement): void => {
    input.value = option.dataset.text ?? '';
    if (target instanceof HTMLInputElement) target.value = option.dataset.value ?? '';
    close();
    if (option.dataset.href !== undefined) location.assign(option.dataset.href);
  };
  const ask = async (): Promise<void> => {
    const typed = input.value.trim();
    if (typed.length < shortest) return close();
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${source}?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
      // Without suggestions one searches as if there were none.
      if (answer.ok && document.activeElement === input) open(await answer.text());
    } catch {
      // Given up for what was typed since, or not connected.
    }
  };

  input.addEventListener('input', () => {
    if (target instanceof HTMLInputElement) target.value = '';
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), restMs);
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const { key } = event;
    if (key === 'Escape' && !list.hidden) {
      event.preventDefault();
      return close();
    }
    if (key === 'Enter' && options[active] !== undefined && !list.hidden) {
      event.preventDefault();
      return choose(options[active] as HTMLElement);
    }
    if (key !== 'ArrowDown' && key !== 'ArrowUp') return;
    event.preventDefault();
    if (list.hidden) return void ask();
    const step = key === 'ArrowDown' ? 1 : -1;
    // Past the last option and before the first lies the field itself.
    const places = options.length + 1;
    activate(((active + 1 + step + places) % places) - 1);
  });
  input.addEventListener('blur', close);
  // Before the field loses the focus, and so its list.
  list.addEventListener('pointerdown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const option = (event.target as Element).closest<HTMLElement>('[role="option"]');
    if (option !== null) choose(option);
  });
};

for (const input of document.querySelectorAll<HTMLInputElement>('input[data-suggest]'))
  enhance(input, input.dataset.suggest ?? '');

// What was left empty has no place in the address; the server would only lead on to one without.
const form = document.querySelector<HTMLFormElement>('form.finder');
form?.addEventListener('submit', () => {
  const place = form.elements.namedItem('locationId');
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) continue;
    const isSaid = field.name === 'place' && place instanceof HTMLInputElement && place.value !== '';
    if (field.value === '' || isSaid) field.disabled = true;
  }
});
addEventListener('pageshow', () => {
  for (const field of form?.elements ?? []) if ('disabled' in field) field.disabled = false;
});
