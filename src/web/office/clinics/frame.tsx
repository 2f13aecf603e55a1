import { Tabs } from '../../components/parts.tsx';
import type { Visit } from '../../visit.tsx';
import { can } from '../gate.ts';
import { officeWords } from '../words/words.ts';

/** The lists of this area. */
export const ListTabs = ({ visit, at }: { readonly visit: Visit; readonly at: string }) => {
  const { tabs } = officeWords[visit.reader.locale].clinics;
  if (!can(visit, 'clinic.edit')) return null;
  return (
    <Tabs
      label={tabs.label}
      at={at}
      tabs={[
        ['/admin/clinics', tabs.clinics],
        ['/admin/clinics/organizations', tabs.organizations],
        ['/admin/clinics/specializations', tabs.specializations],
      ]}
    />
  );
};

/** The parts of one clinic that somebody may see. */
export const ClinicTabs = ({ visit, id, at }: { readonly visit: Visit; readonly id: string; readonly at: string }) => {
  const { parts, ofClinic } = officeWords[visit.reader.locale].clinics;
  const path = `/admin/clinics/${id}`;
  const tabs: (readonly [string, string])[] = [[path, parts.details]];
  if (can(visit, 'staff.list')) tabs.push([`${path}/staff`, parts.staff]);
  if (can(visit, 'resource.read')) tabs.push([`${path}/rooms`, parts.rooms]);
  if (can(visit, 'refund_policy.edit')) tabs.push([`${path}/refunds`, parts.refunds]);
  if (can(visit, 'webhook.read')) tabs.push([`/admin/webhooks?clinic=${id}`, parts.webhooks]);
  if (can(visit, 'appointment.list')) tabs.push([`/admin/appointments?clinic=${id}`, parts.days]);
  return <Tabs label={ofClinic} at={at} tabs={tabs} />;
};
