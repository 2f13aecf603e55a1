import { Tabs } from '../components/parts.tsx';
import type { Visit } from '../visit.tsx';
import { accountWords } from './words.ts';

/** The views of an account. Personal details are a patient's. */
export const AccountTabs = ({ visit, at }: { readonly visit: Visit; readonly at: string }) => {
  const { tabs } = accountWords[visit.reader.locale];
  return (
    <Tabs
      label={tabs.label}
      at={at}
      tabs={[
        ['/account', tabs.profile],
        ...(visit.who?.role === 'patient' ? [['/account/details', tabs.details] as const] : []),
        ['/account/security', tabs.security],
        ['/account/privacy', tabs.privacy],
      ]}
    />
  );
};
