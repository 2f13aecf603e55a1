import { permissionsPolicy } from '../../http/security-headers.ts';

/** Lets the scripts of a page ask the reader where they are; the browser asks the reader. */
export const withGeolocation = (page: Response): Response => {
  page.headers.set('permissions-policy', permissionsPolicy('geolocation'));
  return page;
};
