import type { InferRequestType } from 'hono/client';
import { channels } from '../../domain/notifications/kinds.ts';
import type { PageApi } from '../api.ts';
import type { Form } from '../form.ts';

type Edit = InferRequestType<PageApi['users']['me']['notification-preferences']['$put']>['json'];

const minutesOf = (form: Form, name: string): number[] | null =>
  form.text(`${name}-how`) === 'own' ? form.all(name).map(Number) : null;

/** What the form of preferences says, as the API takes it. Boxes that are not ticked are not sent: the kinds are. */
export const editOf = (form: Form): Edit => {
  const on = new Set(form.all('on'));
  const switchesOf = (kind: string) =>
    Object.fromEntries(channels.map((channel) => [channel, on.has(`${kind}.${channel}`)]));
  const kinds = Object.fromEntries(
    form
      .text('kinds')
      .split(' ')
      .map((kind) => [kind, switchesOf(kind)]),
  );
  return {
    ...(form.has('kinds') ? { kinds } : {}),
    // One that was named twice counts where it stands first.
    channels: [...new Set([0, 1, 2].flatMap((i) => form.all(`order-${i}`)))],
    locale: form.text('locale'),
    reminderMinutes: minutesOf(form, 'reminders'),
    ...(form.has('patientReminders-how') ? { patientReminderMinutes: minutesOf(form, 'patientReminders') } : {}),
    quietHours: form.has('quiet')
      ? { from: form.text('from'), to: form.text('to'), timeZone: form.given('quietZone') ?? null }
      : null,
  } as Edit;
};
