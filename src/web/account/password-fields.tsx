import type { Problem } from '../api.ts';
import { Field } from '../components/field.tsx';

/** The field that shows again that the owner sits here. */
export const OwnPassword = ({
  label,
  problem = null,
  name = 'password',
}: {
  readonly label: string;
  readonly problem?: Problem | null;
  readonly name?: string;
}) => <Field {...{ name, label, problem, type: 'password', autocomplete: 'current-password', required: true }} />;
