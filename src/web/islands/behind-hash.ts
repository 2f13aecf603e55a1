// Where a mailed link leads to. Its secret stands behind the `#`, which browsers send to nobody: it is moved into the
// field of the form, and out of the address, the history and what may look over a shoulder.
const field = document.querySelector<HTMLInputElement>('[data-behind-hash]');
const secret = location.hash.slice(1);
if (field && secret !== '' && secret !== 'content') {
  field.value = secret;
  history.replaceState(null, '', location.pathname + location.search);
  const around = field.closest('details') ?? field.closest<HTMLElement>('.field');
  if (around) around.hidden = true;
}

export {};
