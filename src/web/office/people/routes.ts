import { Hono } from 'hono';
import type { WebEnv } from '../../visit.tsx';
import { officeOnly } from '../gate.ts';
import { doctorPage, rejectDoctor, verifyDoctor } from './doctor.tsx';
import { doctorsPage } from './doctors.tsx';
import { createDoctor, newDoctorPage } from './new-doctor.tsx';
import { hideReview, reviewsPage, showReview } from './reviews.tsx';
import { changeUser, deactivatePage, userPage } from './user.tsx';
import { findUsers, usersPage } from './users.tsx';

/** Accounts, the verification of doctors, and reviews. */
export const peopleRoutes = new Hono<WebEnv>()
  .get('/admin/users', officeOnly, (c) => usersPage(c.get('visit'), c.req.query()))
  .post('/admin/users/find', officeOnly, (c) => findUsers(c.get('visit')))
  .get('/admin/users/:id', officeOnly, (c) => userPage(c.get('visit'), c.req.param('id')))
  .post('/admin/users/:id', officeOnly, (c) => changeUser(c.get('visit'), c.req.param('id')))
  .get('/admin/users/:id/deactivate', officeOnly, (c) => deactivatePage(c.get('visit'), c.req.param('id')))
  .get('/admin/doctors', officeOnly, (c) => doctorsPage(c.get('visit'), c.req.query()))
  .get('/admin/doctors/new', officeOnly, (c) => newDoctorPage(c.get('visit')))
  .post('/admin/doctors/new', officeOnly, (c) => createDoctor(c.get('visit')))
  .get('/admin/doctors/:id', officeOnly, (c) => doctorPage(c.get('visit'), c.req.param('id')))
  .post('/admin/doctors/:id/verify', officeOnly, (c) => verifyDoctor(c.get('visit'), c.req.param('id')))
  .post('/admin/doctors/:id/reject', officeOnly, (c) => rejectDoctor(c.get('visit'), c.req.param('id')))
  .get('/admin/reviews', officeOnly, (c) => reviewsPage(c.get('visit'), c.req.query()))
  .post('/admin/reviews/:id/hide', officeOnly, (c) => hideReview(c.get('visit'), c.req.param('id')))
  .post('/admin/reviews/:id/show', officeOnly, (c) => showReview(c.get('visit'), c.req.param('id')));
