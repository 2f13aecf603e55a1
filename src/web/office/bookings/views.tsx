import { Tabs } from '../../components/parts.tsx';
import type { Visit } from '../../visit.tsx';
import { wordsFor } from './calls.ts';

/** The ways to look at appointments. */
export const Views = ({ visit, at }: { readonly visit: Visit; readonly at: string }) => {
  const { tabs } = wordsFor(visit);
  return (
    <Tabs
      label={tabs.label}
      at={at}
      tabs={[
        ['/admin/appointments', tabs.list],
        ['/admin/appointments/find', tabs.find],
        ['/admin/appointments/book', tabs.book],
      ]}
    />
  );
};
