// Sends a document straight to the API and shows how far it has come. Without this, the form sends it to the page.
const around = document.querySelector<HTMLElement>('[data-upload]');
const form = around?.querySelector('form');
const bar = around?.querySelector('progress');
const said = around?.querySelector<HTMLElement>('[role="status"]');
const say = (text = ''): void => {
  if (said) said.textContent = text;
};

/** What a file is called without its ending. */
const nameOf = (file: File): string => file.name.replace(/\.[a-z0-9]{1,5}$/i, '').slice(0, 120);

const send = (file: File, csrf: string): Promise<XMLHttpRequest> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', around?.dataset.upload ?? '');
    for (const [name, value] of Object.entries({ 'content-type': file.type, 'x-csrf-token': csrf }))
      request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      if (bar) bar.value = (100 * loaded) / total;
    });
    request.addEventListener('load', () => resolve(request));
    request.addEventListener('error', reject);
    request.send(file);
  });

form?.addEventListener('submit', async (event) => {
  const data = new FormData(form);
  const file = data.get('file');
  if (!around || !bar || !(file instanceof File) || file.size === 0 || event.defaultPrevented) return;
  event.preventDefault();
  form.dataset.sent = '';
  bar.hidden = false;
  say(around.dataset.sending);
  const csrf = String(data.get('csrf'));
  const answer = await send(file, csrf).catch(() => null);
  if (answer?.status === 201) {
    const { id } = JSON.parse(answer.responseText);
    const name = String(data.get('name')).trim() || nameOf(file);
    await fetch(`/api/v1/documents/${id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
      body: JSON.stringify({ name }),
    }).catch(() => null);
    location.assign(`${around.dataset.done}/${id}?done=uploaded`);
    return;
  }
  delete form.dataset.sent;
  // The session's token may have run out meanwhile, which the page mends by itself.
  if (answer?.status === 401) {
    form.submit();
    return;
  }
  bar.hidden = true;
  const { code = '' } = JSON.parse(answer?.responseText || '{}');
  say(JSON.parse(around.dataset.refusals ?? '{}')[code] ?? around.dataset.failed);
});

export {};
