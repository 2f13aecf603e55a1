import { database } from '../../db/client.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { storedPreferences } from '../../notifications/preferences.ts';
import { replanReminders } from '../../notifications/replan.ts';
import { authenticated } from '../identity/authenticate.ts';
import { editPreferences, preferencesView } from './preferences.ts';
import { type PreferencesEdit, preferencesEditSchema, preferencesSchema } from './preferences-schema.ts';

const shared = { tags: ['Notifications'], security: bearer };

const show = createRoute({
  ...shared,
  method: 'get',
  path: '/users/me/notification-preferences',
  summary: 'See how I am told',
  middleware: [authenticated],
  responses: { 200: answer(preferencesSchema, 'As it is in force.'), ...refusing('unauthenticated') },
});

const edit = createRoute({
  ...shared,
  method: 'put',
  path: '/users/me/notification-preferences',
  summary: 'Choose how I am told',
  description:
    'What the body leaves out stays. Notices about the safety of the account cannot be switched off. Doctors also say ' +
    'when their patients are reminded who have chosen nothing themselves.',
  middleware: [authenticated, idempotent],
  request: jsonBody(preferencesEditSchema),
  responses: {
    200: answer(preferencesSchema, 'As it is in force now.'),
    ...refusing(
      ...(['cannot_be_switched_off', 'not_told_of_this', 'only_for_doctors', 'version_conflict'] as const),
      ...(['unauthenticated'] as const),
    ),
  },
});

/** How one wants to be told. */
export const preferenceRoutes = router()
  .openapi(show, async (c) => {
    const { id, role } = c.get('principal');
    return c.json(preferencesView(await storedPreferences(database(c.env.DB), id), role), 200);
  })
  .openapi(edit, async (c) => {
    const { id, role } = c.get('principal');
    const change = c.req.valid('json') as PreferencesEdit;
    const nowMs = Date.now();
    const edited = await editPreferences(database(c.env.DB), { id, role }, change, nowMs);
    if (!edited.ok) return refuse(c, edited.refusal);
    // Also when nothing is different: the change before may have broken off here.
    await replanReminders(c.env, { id, role }, change.patientReminderMinutes !== undefined, nowMs);
    return c.json(preferencesView(edited.value, role), 200);
  });
