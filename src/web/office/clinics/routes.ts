import { Hono } from 'hono';
import type { WebEnv } from '../../visit.tsx';
import { officeOnly } from '../gate.ts';
import { clinicPage, saveClinic } from './details.tsx';
import { clinicsPage } from './list.tsx';
import { organizationsPage, saveOrganization } from './organizations.tsx';
import { refundsPage, saveRefunds } from './refunds.tsx';
import { addRoom, changeRoom, roomsPage } from './rooms.tsx';
import {
  removeSpecialization,
  removeSpecializationPage,
  saveSpecialization,
  specializationsPage,
} from './specializations.tsx';
import { addStaff, removeStaff, removeStaffPage, staffPage } from './staff.tsx';

const base = '/admin/clinics';

/** Clinics, who works there, their rooms, and the lists around them. */
export const clinicRoutes = new Hono<WebEnv>()
  .get(base, officeOnly, (c) => clinicsPage(c.get('visit'), c.req.query()))
  .get(`${base}/new`, officeOnly, (c) => clinicPage(c.get('visit'), null))
  .post(`${base}/new`, officeOnly, (c) => saveClinic(c.get('visit'), null))
  .get(`${base}/organizations`, officeOnly, (c) => organizationsPage(c.get('visit'), c.req.query()))
  .post(`${base}/organizations`, officeOnly, (c) => saveOrganization(c.get('visit'), null))
  .post(`${base}/organizations/:id`, officeOnly, (c) => saveOrganization(c.get('visit'), c.req.param('id')))
  .get(`${base}/specializations`, officeOnly, (c) => specializationsPage(c.get('visit')))
  .post(`${base}/specializations`, officeOnly, (c) => saveSpecialization(c.get('visit'), null))
  .post(`${base}/specializations/:id`, officeOnly, (c) => saveSpecialization(c.get('visit'), c.req.param('id')))
  .get(`${base}/specializations/:id/remove`, officeOnly, (c) =>
    removeSpecializationPage(c.get('visit'), c.req.param('id')),
  )
  .post(`${base}/specializations/:id/remove`, officeOnly, (c) =>
    removeSpecialization(c.get('visit'), c.req.param('id')),
  )
  .get(`${base}/:id`, officeOnly, (c) => clinicPage(c.get('visit'), c.req.param('id')))
  .post(`${base}/:id`, officeOnly, (c) => saveClinic(c.get('visit'), c.req.param('id')))
  .get(`${base}/:id/staff`, officeOnly, (c) => staffPage(c.get('visit'), c.req.param('id'), c.req.query()))
  .post(`${base}/:id/staff`, officeOnly, (c) => addStaff(c.get('visit'), c.req.param('id')))
  .get(`${base}/:id/staff/:who/remove`, officeOnly, (c) =>
    removeStaffPage(c.get('visit'), c.req.param('id'), c.req.param('who')),
  )
  .post(`${base}/:id/staff/:who/remove`, officeOnly, (c) =>
    removeStaff(c.get('visit'), c.req.param('id'), c.req.param('who')),
  )
  .get(`${base}/:id/rooms`, officeOnly, (c) => roomsPage(c.get('visit'), c.req.param('id')))
  .post(`${base}/:id/rooms`, officeOnly, (c) => addRoom(c.get('visit'), c.req.param('id')))
  .post(`${base}/:id/rooms/:room`, officeOnly, (c) =>
    changeRoom(c.get('visit'), c.req.param('id'), c.req.param('room')),
  )
  .get(`${base}/:id/refunds`, officeOnly, (c) => refundsPage(c.get('visit'), c.req.param('id')))
  .post(`${base}/:id/refunds`, officeOnly, (c) => saveRefunds(c.get('visit'), c.req.param('id')));
