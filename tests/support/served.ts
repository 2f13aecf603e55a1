import { app } from '../../src/app.ts';
import { webRoutes } from '../../src/web/routes.ts';

const nameOf = ({ method, path }: { readonly method: string; readonly path: string }): string => `${method} ${path}`;

/** Every route that programs are served by, such as `GET /api/v1/doctors/:id`; the pages for people are not among them. */
export const servedRoutes = (): string[] => {
  const pages = new Set(webRoutes(app).routes.map(nameOf));
  const served = app.routes.filter(({ method }) => method !== 'ALL').map(nameOf);
  return [...new Set(served)].filter((name) => !pages.has(name)).sort();
};
