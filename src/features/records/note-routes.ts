import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { recordOf } from '../../patients/relation.ts';
import { sealingOf } from '../../sealing/sealing.ts';
import { auditRead, reasonFor } from '../audit/read.ts';
import { allowed } from '../identity/authenticate.ts';
import { amendmentSchema, newNoteSchema, noteSchema } from './entry-schema.ts';
import { amendNote, noteOf, noteView, writeNote } from './notes.ts';

const tags = ['Records'];
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;
const path = '/appointments/{id}/note';
const writing = { tags, security: bearer, middleware: [...allowed('note.write'), idempotent] };

const read = createRoute({
  method: 'get',
  path,
  summary: 'Read the note of a visit',
  description:
    'All its versions, the newest first. For the patient, the guardian, who wrote it, and doctors who treat the patient ' +
    'or broke the glass. Reads by others are recorded and shown to the patient.',
  tags,
  security: bearer,
  middleware: allowed('note.read'),
  request: { params: idParamSchema },
  responses: { 200: answer(noteSchema, 'The note.'), ...refusing(...always, 'temporarily_unavailable') },
});

const write = createRoute({
  ...writing,
  method: 'post',
  path,
  summary: 'Write the note of a visit',
  description: 'By the appointment’s doctor alone, once it has begun. It is never changed: it is amended.',
  request: { params: idParamSchema, ...jsonBody(newNoteSchema) },
  responses: {
    201: answer(noteSchema, 'The note.'),
    ...refusing(...always, 'invalid_transition', 'too_early', 'note_exists', 'too_many_items', 'person_erased'),
  },
});

const amend = createRoute({
  ...writing,
  method: 'post',
  path: `${path}/amendments`,
  summary: 'Amend the note of a visit',
  description:
    'By its doctor alone: a new version, whole, with the reason. The earlier ones stay readable. At most 49.',
  request: { params: idParamSchema, ...jsonBody(amendmentSchema) },
  responses: {
    201: answer(noteSchema, 'The note with its new version.'),
    ...refusing(...always, 'version_conflict', 'too_many_items', 'person_erased'),
  },
});

/** Notes of visits. */
export const noteRoutes = router()
  .openapi(read, async (c) => {
    const principal = c.get('principal');
    const { id } = c.req.valid('param');
    const db = database(c.env.DB);
    const note = await noteOf(db, id);
    if (note === null) return refuse(c, refusal('not_found'));
    const { patientId, authorId } = note.row;
    const isAuthor = may(principal, 'note.read', { doctorId: authorId });
    const record = isAuthor ? { patientId } : await recordOf(db, principal, patientId, Date.now());
    if (!may(principal, 'note.read', { ...record, doctorId: authorId })) return refuse(c, refusal('not_found'));
    const reason = reasonFor(principal, record);
    await auditRead(c, { action: 'note.read', patientIds: [patientId], subjectId: note.row.id, ...reason });
    return c.json(await noteView(db, sealingOf(c), note), 200);
  })
  .openapi(write, async (c) => {
    const db = database(c.env.DB);
    const [{ id }, said] = [c.req.valid('param'), c.req.valid('json')];
    const note = await writeNote(db, sealingOf(c), id, said, c.get('principal'), Date.now());
    return note.ok ? c.json(await noteView(db, sealingOf(c), note.value), 201) : refuse(c, note.refusal);
  })
  .openapi(amend, async (c) => {
    const db = database(c.env.DB);
    const [{ id }, said] = [c.req.valid('param'), c.req.valid('json')];
    const note = await amendNote(db, sealingOf(c), id, said, c.get('principal'), Date.now());
    return note.ok ? c.json(await noteView(db, sealingOf(c), note.value), 201) : refuse(c, note.refusal);
  });
