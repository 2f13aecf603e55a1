import type { InferResponseType } from 'hono/client';
import { channels, type NotificationKind } from '../../domain/notifications/kinds.ts';
import { asked, type PageApi, type Problem, wanted } from '../api.ts';
import { Check, Field, Group, Select } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { Table } from '../components/parts.tsx';
import { formPage } from '../form-page.tsx';
import type { Visit } from '../visit.tsx';
import { languageNames } from '../words/words.ts';
import { timeZones, zoneToday } from '../zones.ts';
import { Devices, devicesOf } from './devices.tsx';
import { editOf } from './preferences-edit.ts';
import { type NotificationWords, notificationWords } from './words.ts';

const path = '/notifications/preferences';
type Preferences = InferResponseType<PageApi['users']['me']['notification-preferences']['$get'], 200>;
type Part = { readonly visit: Visit; readonly words: NotificationWords; readonly now: Preferences };

/** How I am told: of what by which way, when reminded, quiet hours, language, devices. */
export const preferencesPage = async (visit: Visit, problem: Problem | null = null): Promise<Response> => {
  const words = notificationWords[visit.reader.locale];
  const [now, devices] = await Promise.all([
    wanted(visit.api.users.me['notification-preferences'].$get()),
    devicesOf(visit),
  ] as const);
  return formPage(
    visit,
    { title: words.preferences, lead: words.lead, at: 'notifications', problem, islands: ['push'] },
    <>
      <Form visit={visit} action={path}>
        <Reminders words={words} name="reminders" legend={words.reminders} minutes={now.reminderMinutes} />
        {now.patientReminderMinutes === undefined ? null : (
          <Reminders
            {...{ words, name: 'patientReminders', legend: words.patientReminders }}
            minutes={now.patientReminderMinutes}
          />
        )}
        {Object.keys(now.kinds).length === 0 ? null : <Kinds visit={visit} words={words} now={now} />}
        <Group legend={words.order}>
          <p class="hint">{words.orderHint}</p>
          <div class="row">
            {now.channels.map((channel, i) => (
              <Select
                {...{ name: `order-${i}`, value: channel }}
                label={words.nth[i]}
                options={now.channels.map((one) => [one, words.channels[one] ?? one] as const)}
              />
            ))}
          </div>
        </Group>
        <Quiet visit={visit} words={words} now={now} />
        <div class="half">
          <Select
            {...{ name: 'locale', value: now.locale, options: Object.entries(languageNames) }}
            label={words.language}
          />
        </div>
        <button type="submit">{visit.words.save}</button>
      </Form>
      <Devices visit={visit} words={words} devices={devices} />
    </>,
  );
};

/** Of what somebody is told, folded by what it is about: there is too much of it for a phone. */
const groups = {
  booking: ['held', 'waitlist_offer', 'confirmed', 'emergency', 'requested', 'accepted', 'rejected', 'expired'],
  changes: ['rescheduled', 'moved_away', 'cancelled', 'outside_schedule', 'rebook'],
  day: ['reminder', 'digest', 'running_late', 'your_turn', 'no_show'],
  after: ['completed', 'follow_up', 'prescribed', 'prescription_dispensed', 'document_shared'],
  money: ['payment_received', 'refunded'],
  others: ['security'],
} as const satisfies Readonly<Record<string, readonly NotificationKind[]>>;

type GroupName = keyof typeof groups;
const groupOf = new Map<string, GroupName>(
  (Object.keys(groups) as GroupName[]).flatMap((name) => groups[name].map((kind) => [kind, name] as const)),
);

const Kinds = ({ words, now }: Part) => (
  <section aria-labelledby="kinds" class="tight">
    <h2 id="kinds">{words.byKind}</h2>
    <input type="hidden" name="kinds" value={Object.keys(now.kinds).join(' ')} />
    {[...Map.groupBy(Object.entries(now.kinds), ([kind]) => groupOf.get(kind) ?? 'others')]
      .sort(([a], [b]) => Object.keys(groups).indexOf(a) - Object.keys(groups).indexOf(b))
      .map(([name, kinds]) => (
        <details class="fold">
          <summary>{words.groups[name]}</summary>
          <KindTable words={words} name={words.groups[name]} kinds={kinds} />
        </details>
      ))}
  </section>
);

const KindTable = ({
  words,
  name: caption,
  kinds,
}: {
  readonly words: NotificationWords;
  readonly name: string;
  readonly kinds: readonly (readonly [kind: string, on: Preferences['kinds'][string]])[];
}) => (
  <Table
    caption={caption}
    head={[words.kind, ...channels.map((channel) => words.channels[channel])]}
    rows={kinds.map(([kind, on]) => {
      const name = (words.kinds as Readonly<Record<string, string>>)[kind] ?? kind;
      return [
        name,
        ...channels.map((channel) => (
          <label class="check">
            <input
              {...{ type: 'checkbox', name: 'on', value: `${kind}.${channel}`, checked: on[channel] === true }}
              aria-label={words.byChannel(name, words.channels[channel] ?? channel)}
            />
          </label>
        )),
      ];
    })}
  />
);

const Reminders = ({
  words,
  name,
  legend,
  minutes,
}: {
  readonly words: NotificationWords;
  readonly name: 'reminders' | 'patientReminders';
  readonly legend: string;
  readonly minutes: readonly number[] | null;
}) => (
  <Group legend={legend}>
    <Check
      {...{ name: `${name}-how`, type: 'radio', value: 'default', checked: minutes === null }}
      label={name === 'reminders' ? words.remindersDefault : words.patientDefault}
    />
    <Check
      {...{ name: `${name}-how`, type: 'radio', value: 'own', checked: minutes !== null }}
      label={words.remindersOwn}
    />
    <div class="ticks">
      {Object.entries(words.before).map(([value, text]) => (
        <Check {...{ name, value, checked: (minutes ?? []).includes(Number(value)) }} label={text} />
      ))}
    </div>
  </Group>
);

const Quiet = ({ words, now: { quietHours } }: Part) => (
  <Group legend={words.quiet}>
    <Check name="quiet" label={words.quietOn} checked={quietHours !== null} />
    <div class="row">
      <Field
        {...{ name: 'from', type: 'time', path: 'quietHours.from' }}
        label={words.from}
        value={quietHours?.from ?? '22:00'}
      />
      <Field
        {...{ name: 'to', type: 'time', path: 'quietHours.to' }}
        label={words.to}
        value={quietHours?.to ?? '07:00'}
      />
      <Select
        {...{ name: 'quietZone', value: zoneToday(quietHours?.timeZone ?? '') }}
        label={words.zone}
        options={[['', words.zoneOfAppointment], ...timeZones()]}
      />
    </div>
  </Group>
);

/** Saves how I am told. */
export const savePreferences = async (visit: Visit): Promise<Response> => {
  const json = editOf(visit.form);
  const outcome = await asked(visit.api.users.me['notification-preferences'].$put({ json }, visit.once));
  return visit.done(outcome, path, 'saved', (problem) => preferencesPage(visit, problem));
};
