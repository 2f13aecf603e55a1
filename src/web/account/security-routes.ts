import { Hono } from 'hono';
import { signedIn } from '../begin.ts';
import type { WebEnv } from '../visit.tsx';
import {
  authenticatorPage,
  beginAuthenticator,
  confirmAuthenticator,
  recoveryCodesPage,
  removeAuthenticator,
  removeAuthenticatorPage,
  renewRecoveryCodes,
} from './authenticator.tsx';
import { newPasskeyPage, passkeyPage, removePasskey, removePasskeyPage, renamePasskey } from './passkeys.tsx';
import { changePassword, passwordPage } from './password.tsx';
import { securityPage } from './security.tsx';
import { endSession, endSessions } from './sessions.ts';

/** How somebody signs in, and where they are signed in. */
export const securityRoutes = new Hono<WebEnv>()
  .basePath('/account/security')
  .use(signedIn)
  .get('/', (c) => securityPage(c.get('visit')))
  .get('/password', (c) => passwordPage(c.get('visit')))
  .post('/password', (c) => changePassword(c.get('visit')))
  .get('/authenticator', (c) => authenticatorPage(c.get('visit')))
  .post('/authenticator', (c) => beginAuthenticator(c.get('visit')))
  .get('/authenticator/confirm', (c) => c.get('visit').go('/account/security/authenticator'))
  .post('/authenticator/confirm', (c) => confirmAuthenticator(c.get('visit')))
  .get('/authenticator/remove', (c) => removeAuthenticatorPage(c.get('visit')))
  .post('/authenticator/remove', (c) => removeAuthenticator(c.get('visit')))
  .get('/recovery-codes', (c) => recoveryCodesPage(c.get('visit')))
  .post('/recovery-codes', (c) => renewRecoveryCodes(c.get('visit')))
  .get('/passkeys/new', (c) => newPasskeyPage(c.get('visit')))
  .get('/passkeys/:id', (c) => passkeyPage(c.get('visit'), c.req.param('id')))
  .post('/passkeys/:id', (c) => renamePasskey(c.get('visit'), c.req.param('id')))
  .get('/passkeys/:id/remove', (c) => removePasskeyPage(c.get('visit'), c.req.param('id')))
  .post('/passkeys/:id/remove', (c) => removePasskey(c.get('visit'), c.req.param('id')))
  .post('/sessions/end', (c) => endSession(c.get('visit')))
  .post('/sessions/end-others', (c) => endSessions(c.get('visit'), 'others'))
  .post('/sessions/end-all', (c) => endSessions(c.get('visit'), 'all'));
