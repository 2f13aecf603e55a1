import { Hono } from 'hono';
import { signedIn } from '../begin.ts';
import type { Visit, WebEnv } from '../visit.tsx';
import { aboutPage, saveAbout } from './about.tsx';
import { documentPage, removeDocumentPage } from './document.tsx';
import {
  downloadDocument,
  removeDocument,
  renameDocument,
  shareDocument,
  unshareDocument,
} from './document-changes.ts';
import { documentsPage } from './documents.tsx';
import { recordPage } from './overview.tsx';
import { prescriptionPage, prescriptionsPage } from './prescriptions.tsx';
import { uploadDocument } from './upload.ts';
import { mine, theirs, type Whose } from './whose.tsx';
import { addHistory, addVitals, newHistoryPage, newVitalsPage, withdraw, withdrawPage } from './writing.tsx';

/** The pages of a record below a path, for whoever's it is. */
const recordsAt = (base: string, whoseOf: (visit: Visit, id: string) => Promise<Whose>) => {
  const pages = new Hono<WebEnv>().basePath(base).use(signedIn);
  type Page = (visit: Visit, whose: Whose, id: string, asks: Record<string, string>) => Response | Promise<Response>;
  const on = (method: 'GET' | 'POST', path: string, page: Page) =>
    pages.on(method, path, async (c) => {
      const visit = c.get('visit');
      const { whose = '', id = '' } = c.req.param() as Record<string, string>;
      return page(visit, await whoseOf(visit, whose), id, c.req.query());
    });
  on('GET', '/', (visit, whose, _, asks) => recordPage(visit, whose, asks));
  on('GET', '/about', (visit, whose) => aboutPage(visit, whose));
  on('POST', '/about', saveAbout);
  on('GET', '/history/new', (visit, whose) => newHistoryPage(visit, whose));
  on('POST', '/history/new', addHistory);
  on('GET', '/vitals/new', (visit, whose) => newVitalsPage(visit, whose));
  on('POST', '/vitals/new', addVitals);
  on('GET', '/entries/:id/withdraw', (visit, whose, id) => withdrawPage(visit, whose, id));
  on('POST', '/entries/:id/withdraw', (visit, whose, id) => withdraw(visit, whose, id));
  on('GET', '/documents', (visit, whose, _, { cursor }) => documentsPage(visit, whose, cursor));
  on('POST', '/documents', uploadDocument);
  on('GET', '/documents/:id', (visit, whose, id) => documentPage(visit, whose, id));
  on('POST', '/documents/:id', (visit, whose, id) => renameDocument(visit, whose, id));
  on('POST', '/documents/:id/download', (visit, whose, id) => downloadDocument(visit, whose, id));
  on('POST', '/documents/:id/share', (visit, whose, id) => shareDocument(visit, whose, id));
  on('POST', '/documents/:id/unshare', (visit, whose, id) => unshareDocument(visit, whose, id));
  on('GET', '/documents/:id/remove', (visit, whose, id) => removeDocumentPage(visit, whose, id));
  on('POST', '/documents/:id/remove', (visit, whose, id) => removeDocument(visit, whose, id));
  on('GET', '/prescriptions', (visit, whose, _, { cursor }) => prescriptionsPage(visit, whose, cursor));
  on('GET', '/prescriptions/:id', (visit, whose, id) => prescriptionPage(visit, whose, id));
  return pages;
};

/** My record: history, measurements, visit notes, documents, prescriptions. */
export const recordRoutes = recordsAt('/records', mine);

/** The same of somebody for whom I act. */
export const familyRecordRoutes = recordsAt('/family/:whose/records', theirs);
