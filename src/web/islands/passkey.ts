// Signing in with a passkey, and adding one (WebAuthn level 3). The API gives the options and takes the answer, both as
// JSON; the browser and the device do the rest.
const fromBase64Url = (text: string): ArrayBuffer =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0)).buffer;
const toBase64Url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const ask = async (path: string, body?: object, csrf = ''): Promise<Response> =>
  fetch(`/api/v1/auth/${path}`, {
    headers: { 'session-mode': 'cookie', 'x-csrf-token': csrf, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });

type Described = { id: string; type: 'public-key'; transports?: AuthenticatorTransport[] };
const known = (all: readonly Described[] = []): PublicKeyCredentialDescriptor[] =>
  all.map((one) => ({ ...one, id: fromBase64Url(one.id) }));
const common = (credential: PublicKeyCredential) => ({
  id: credential.id,
  rawId: toBase64Url(credential.rawId),
  type: 'public-key',
  clientExtensionResults: {},
});

const signIn = async (): Promise<boolean> => {
  const options = await (await ask('login/passkey')).json();
  const given = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: fromBase64Url(options.challenge),
      allowCredentials: known(options.allowCredentials),
    },
  });
  const credential = given as PublicKeyCredential;
  const { clientDataJSON, authenticatorData, signature, userHandle } =
    credential.response as AuthenticatorAssertionResponse;
  const response = {
    clientDataJSON: toBase64Url(clientDataJSON),
    authenticatorData: toBase64Url(authenticatorData),
    signature: toBase64Url(signature),
    ...(userHandle ? { userHandle: toBase64Url(userHandle) } : {}),
  };
  return (await ask('login/passkey', { ...common(credential), response })).ok;
};

const offer = document.querySelector<HTMLElement>('[data-passkey-sign-in]');
if (offer && 'credentials' in navigator && 'PublicKeyCredential' in window) {
  offer.hidden = false;
  offer.querySelector('button')?.addEventListener('click', async () => {
    const said = offer.querySelector<HTMLElement>('[role="status"]');
    if (said) said.textContent = '';
    if (await signIn().catch(() => false)) location.assign(offer.dataset.done ?? '/');
    else if (said) said.textContent = offer.dataset.failed ?? '';
  });
}

const add = async (password: string, name: string, csrf: string): Promise<'done' | 'failed' | 'wrong'> => {
  const begun = await ask('passkeys/options', { password }, csrf);
  if (!begun.ok) return begun.status === 403 ? 'wrong' : 'failed';
  const options = await begun.json();
  const credential = (await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: fromBase64Url(options.challenge),
      user: { ...options.user, id: fromBase64Url(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    },
  })) as PublicKeyCredential;
  const made = credential.response as AuthenticatorAttestationResponse;
  const response = {
    clientDataJSON: toBase64Url(made.clientDataJSON),
    attestationObject: toBase64Url(made.attestationObject),
    transports: made.getTransports(),
  };
  return (await ask('passkeys', { name, response: { ...common(credential), response } }, csrf)).ok ? 'done' : 'failed';
};

const adding = document.querySelector<HTMLFormElement>('form[data-passkey-add]');
adding?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const data = new FormData(adding);
  const text = (name: string): string => String(data.get(name) ?? '');
  const said = adding.querySelector<HTMLElement>('[role="status"]');
  if (said) said.textContent = '';
  const done = await add(text('password'), text('name'), text('csrf')).catch(() => 'failed' as const);
  delete adding.dataset.sent;
  if (done === 'done') location.assign(adding.dataset.done ?? '/');
  else if (said) said.textContent = (done === 'wrong' ? adding.dataset.wrong : adding.dataset.failed) ?? '';
});

export {};
