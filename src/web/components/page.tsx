import { Hono } from 'hono';
import { problemFor } from '../api.ts';
import type { Visit, WebEnv } from '../visit.tsx';
import { Check, Field, Group, Select, TextArea } from './field.tsx';
import { ActionButton, Form, ProblemSummary } from './form.tsx';
import { Icon } from './icon.tsx';
import { Badge, Empty, Facts, Heading, Note, Skeleton, StatusBadge, Steps, Table, Tabs } from './parts.tsx';
import { Plot } from './plot.tsx';
import { Instant } from './time.tsx';

const problem = problemFor('invalid_request', 'The request is not valid.', { email: 'must be an e-mail address' });

/** Every component on one page, for who builds pages: what there is, and how it looks in each theme and width. */
export const componentsRoutes = new Hono<WebEnv>().get('/dev/components', (c) => {
  const visit = c.get('visit');
  if (!visit.isDevelopment) return c.notFound();
  return visit.show(
    { title: 'Components' },
    <>
      <Heading title="Components" lead="What pages are made of.">
        <a class="button" href="#forms">
          Main
        </a>
        <a class="button plain" href="#forms">
          Plain
        </a>
        <a class="button danger" href="#forms">
          Danger
        </a>
      </Heading>
      <Words visit={visit} />
      <Forms visit={visit} />
      <Figures visit={visit} />
    </>,
  );
});

const Words = ({ visit }: { readonly visit: Visit }) => (
  <>
    <Tabs
      label="Views"
      at="/dev/components"
      tabs={[
        ['/dev/components', 'This one'],
        ['/', 'Another'],
      ]}
    />
    <Steps at={2} label="Steps of booking" names={['Time', 'Reason', 'Confirm']} />
    <h2>Words</h2>
    <p>
      {Object.keys(visit.words.statuses).map((status) => (
        <>
          <StatusBadge visit={visit} status={status} />{' '}
        </>
      ))}
      <Badge tone="blue">New</Badge>
    </p>
    <Note>Said beside the flow.</Note>
    <Note tone="blue">Something is going on.</Note>
    <Note tone="warn">Look out.</Note>
    <p>
      <Instant visit={visit} at="2026-11-23T03:00:00Z" timeZone="Asia/Dhaka" withZone />
    </p>
    <Facts
      of={[
        ['Fee', '৳1,000'],
        ['Speaks', 'Bangla, English'],
        ['Left out', null],
      ]}
    />
    <Empty title="Nothing here yet.">
      <a class="button plain" href="/">
        <Icon name="search" /> Find a doctor
      </a>
    </Empty>
    <h2>On its way</h2>
    <Skeleton />
  </>
);

const Forms = ({ visit }: { readonly visit: Visit }) => (
  <>
    <h2 id="forms">Forms</h2>
    <ProblemSummary visit={visit} problem={problem} />
    <Form visit={visit} action="/dev/components" class="narrow" label="Example">
      <Field name="email" type="email" label="E-mail address" hint="Where we write to." problem={problem} />
      <TextArea name="reason" label="Reason" />
      <Select
        name="mode"
        label="How"
        options={[
          ['video', 'Video visit'],
          ['in_person', 'At the clinic'],
        ]}
      />
      <Group legend="Tell me by">
        <Check name="by" value="email" label="E-mail" checked />
        <Check name="by" value="sms" label="SMS" />
      </Group>
      <button type="submit">Save</button>
    </Form>
    <div>
      <ActionButton visit={visit} action="/dev/components" kind="danger">
        Remove
      </ActionButton>
    </div>
  </>
);

const Figures = ({ visit }: { readonly visit: Visit }) => (
  <>
    <h2>Figures</h2>
    <Table
      caption="Bookings"
      head={['Doctor', 'Booked', 'Free']}
      rows={[
        ['Dr. Ayesha Rahman', '12', '4'],
        ['Dr. Khatun', '7', '9'],
      ]}
    />
    <Plot
      visit={visit}
      title="Bookings by day"
      labels={['Mon', 'Tue', 'Wed', 'Thu', 'Fri']}
      series={[
        { name: 'Confirmed', values: [4, 7, 5, 9, 3] },
        { name: 'Cancelled', values: [1, 0, 2, 1, 0] },
      ]}
    />
    <Plot
      visit={visit}
      title="Fill rate"
      kind="lines"
      labels={['Mon', 'Tue', 'Wed', 'Thu', 'Fri']}
      series={[{ name: 'Fill rate', values: [40, 70, 55, 90, 30] }]}
      write={(value) => `${value} %`}
    />
  </>
);
