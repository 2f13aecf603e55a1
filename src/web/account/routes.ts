import { Hono } from 'hono';
import { signedIn } from '../begin.ts';
import type { WebEnv } from '../visit.tsx';
import { erase, erasePage, erasingMe, offerErasure } from './erase.tsx';
import { ownDetailsPage, saveOwnDetails } from './own-details.tsx';
import { forgot, forgottenPage, reset, resetPage } from './password-reset.tsx';
import { removePicture, savePicture } from './picture.ts';
import { exportData, privacyPage } from './privacy.tsx';
import { profilePage, removePhone, saveProfile } from './profile.tsx';
import { confirmRegistration, register, registerPage } from './register.tsx';
import { signedInNow, signIn, signInByCode, signInPage, signOut } from './sign-in.tsx';
import { confirmCode, sendCode } from './verify.tsx';

/** Coming in and going out. */
export const entranceRoutes = new Hono<WebEnv>()
  .get('/login', (c) => signInPage(c.get('visit'), c.req.query('to') ?? '/'))
  .post('/login', (c) => signIn(c.get('visit')))
  .get('/login/code', (c) => c.get('visit').go('/login'))
  .post('/login/code', (c) => signInByCode(c.get('visit')))
  .get('/login/done', (c) => signedInNow(c.get('visit'), c.req.query('to') ?? '/'))
  .post('/logout', (c) => signOut(c.get('visit')))
  .get('/register', (c) => registerPage(c.get('visit'), 'patient'))
  .post('/register', (c) => register(c.get('visit'), 'patient'))
  .get('/register/doctor', (c) => registerPage(c.get('visit'), 'doctor'))
  .post('/register/doctor', (c) => register(c.get('visit'), 'doctor'))
  .get('/register/confirm', (c) => c.get('visit').go('/register'))
  .post('/register/confirm', (c) => confirmRegistration(c.get('visit')))
  .get('/forgotten', (c) => forgottenPage(c.get('visit')))
  .post('/forgotten', (c) => forgot(c.get('visit')))
  .get('/reset', (c) => resetPage(c.get('visit')))
  .post('/reset', (c) => reset(c.get('visit')));

/** An account: who I am, what is known of me, and erasing it. */
export const accountRoutes = new Hono<WebEnv>()
  .use('/account', signedIn)
  .use('/account/*', signedIn)
  .get('/account', (c) => profilePage(c.get('visit')))
  .post('/account', (c) => saveProfile(c.get('visit')))
  .post('/account/phone/remove', (c) => removePhone(c.get('visit')))
  .get('/account/verify', (c) => c.get('visit').go('/account'))
  .post('/account/verify', (c) => sendCode(c.get('visit')))
  .post('/account/verify/confirm', (c) => confirmCode(c.get('visit')))
  .post('/account/picture', (c) => savePicture(c.get('visit')))
  .post('/account/picture/remove', (c) => removePicture(c.get('visit')))
  .get('/account/details', (c) => ownDetailsPage(c.get('visit')))
  .post('/account/details', (c) => saveOwnDetails(c.get('visit')))
  .get('/account/privacy', (c) => privacyPage(c.get('visit'), c.req.query('cursor')))
  .post('/account/privacy/export', (c) => exportData(c.get('visit')))
  .get('/account/erase', (c) => erasePage(c.get('visit'), erasingMe(c.get('visit'))))
  .post('/account/erase', (c) => offerErasure(c.get('visit'), erasingMe(c.get('visit'))))
  .post('/account/erase/confirm', (c) => erase(c.get('visit'), erasingMe(c.get('visit'))));
