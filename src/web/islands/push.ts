// Tells somebody on this device, also while no page of ours is open. The worker only shows what it is sent.
const form = document.querySelector<HTMLFormElement>('form[data-push]');

const keyOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));

const subscribe = async (around: HTMLFormElement): Promise<boolean> => {
  const registration = await navigator.serviceWorker.register('/web/push-worker.js');
  await new Promise<void>((resolve) => {
    const worker = registration.active ?? registration.waiting ?? registration.installing;
    if (worker?.state === 'activated') return resolve();
    worker?.addEventListener('statechange', () => worker.state === 'activated' && resolve());
  });
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: keyOf(around.dataset.push ?? ''),
  });
  const data = new FormData(around);
  const answer = await fetch('/api/v1/users/me/push-subscriptions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-csrf-token': String(data.get('csrf')) },
    body: JSON.stringify({ service: 'web', name: String(data.get('name')), subscription }),
  });
  return answer.ok;
};

if (form && 'serviceWorker' in navigator && 'PushManager' in window) {
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const said = form.querySelector('[role="status"]');
    if (said) said.textContent = '';
    const done = await subscribe(form).catch(() => false);
    delete form.dataset.sent;
    if (done) location.assign(form.dataset.done ?? '/');
    else if (said) said.textContent = form.dataset.failed ?? '';
  });
}

export {};
