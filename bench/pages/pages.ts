import { reader } from '../reads/grow.ts';
import { accountNamed } from '../server/practice.ts';
import type { RunSecrets } from '../server/secrets.ts';
import { pageAdminId } from './people.ts';

/** A page, and the cookies of who opens it. */
export interface BenchPage {
  readonly name: string;
  readonly path: string;
  readonly cookie: Promise<string> | string;
}

/** The pages that are measured: what is opened most, of each role. `nothing` is what they are compared with. */
export const benchPages = (token: RunSecrets['token']): BenchPage[] => {
  const as = async (id: string, role: 'patient' | 'doctor' | 'admin') => `daybook-access=${await token(id, role)}`;
  const [patient, doctor, admin] = [
    as(reader.patientId, 'patient'),
    as(reader.doctorId, 'doctor'),
    as(pageAdminId, 'admin'),
  ];
  const page = (cookie: Promise<string> | string) => (path: string) => ({ name: path, path, cookie });
  return [
    { name: 'nothing', path: '/health', cookie: '' },
    ...['/', '/login', '/register'].map(page('')),
    { name: '/?q=', path: '/?q=rahi%20card', cookie: '' },
    { name: '/doctors/:id', path: `/doctors/${accountNamed('listed doctor 0')}`, cookie: '' },
    ...['/appointments', '/records', '/family', '/notifications', '/account'].map(page(patient)),
    ...['/day', '/week', '/requests', '/schedule', '/time-off', '/waiting', '/figures', '/reviews', '/feeds'].map(
      page(doctor),
    ),
    ...['', '/appointments', '/users', '/doctors', '/clinics', '/reviews', '/reports', '/audit', '/jobs'].map((path) =>
      page(admin)(`/admin${path}`),
    ),
    ...['/admin/dead-letters', '/admin/health', '/admin/webhooks'].map(page(admin)),
  ];
};
