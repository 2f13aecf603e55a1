import { type Child, createContext, useContext } from 'hono/jsx';
import type { Locale } from '../../domain/notifications/preferences.ts';
import type { Problem } from '../api.ts';
import { faultSentence } from '../words/faults.ts';

/** Fields by the path that a problem names them by. */
export type FieldLabels = ReadonlyMap<string, { readonly id: string; readonly label: Child }>;

/** In which language the faults of fields are said, and where fields write down that they are there. */
export const FieldContext = createContext<{
  readonly locale: Locale;
  readonly labels?: Map<string, { readonly id: string; readonly label: Child }>;
}>({ locale: 'en' });

interface Common {
  readonly name: string;
  readonly label: Child;
  readonly hint?: Child;
  /** What was refused; its sentence about this field stands below it. */
  readonly problem?: Problem | null;
  /** The path of the field in the API's problem, when it is not the name. */
  readonly path?: string;
  /** An id of its own, where the same name stands twice on a page. */
  readonly id?: string;
  readonly required?: boolean;
}

const idOf = ({ id, name }: Common): string => id ?? `f-${name}`;
const faultOf = ({ problem, path, name }: Common): string | undefined => problem?.fields[path ?? name];

/** What an input says of its hint and its fault to those who listen. */
const describedBy = (field: Common): Record<string, string> => {
  const ids = [
    field.hint === undefined ? [] : [`${idOf(field)}-hint`],
    faultOf(field) === undefined ? [] : [`${idOf(field)}-fault`],
  ].flat();
  return {
    ...(ids.length === 0 ? {} : { 'aria-describedby': ids.join(' ') }),
    ...(faultOf(field) === undefined ? {} : { 'aria-invalid': 'true' }),
  };
};

const Around = ({ field, children }: { readonly field: Common; readonly children: Child }) => {
  const { locale, labels } = useContext(FieldContext);
  const fault = faultOf(field);
  const path = field.path ?? field.name;
  if (labels?.has(path) === false) labels.set(path, { id: idOf(field), label: field.label });
  return (
    <div class="field">
      <label for={idOf(field)}>{field.label}</label>
      {field.hint === undefined ? null : (
        <p class="hint" id={`${idOf(field)}-hint`}>
          {field.hint}
        </p>
      )}
      {children}
      {fault === undefined ? null : (
        <p class="fault" id={`${idOf(field)}-fault`}>
          {faultSentence(fault, locale)}
        </p>
      )}
    </div>
  );
};

type InputField = Common & {
  readonly type?:
    | 'text'
    | 'email'
    | 'password'
    | 'tel'
    | 'date'
    | 'time'
    | 'number'
    | 'search'
    | 'url'
    | 'month'
    | 'file';
  readonly value?: string | undefined;
  readonly autocomplete?: string;
  readonly inputmode?: 'numeric' | 'decimal' | 'tel' | 'email' | 'search';
  readonly maxlength?: number;
  readonly min?: string | number;
  readonly max?: string | number;
  readonly step?: string | number;
  readonly accept?: string;
  readonly pattern?: string;
  readonly list?: string;
  /** Whether a script fills it in with the secret of a mailed link: what stands behind the `#` of the address. */
  readonly behindHash?: boolean;
};

/** A line to fill in, with its label, hint and fault. */
export const Field = (field: InputField) => {
  const { name, label, hint, problem, path, id, type = 'text', behindHash = false, ...more } = field;
  return (
    <Around field={field}>
      <input
        {...{ id: idOf(field), name, type, ...more, ...describedBy(field) }}
        {...(behindHash ? { 'data-behind-hash': '' } : {})}
      />
    </Around>
  );
};

/** Lines to fill in. */
export const TextArea = (
  field: Common & { readonly value?: string | undefined; readonly rows?: number; readonly maxlength?: number },
) => (
  <Around field={field}>
    <textarea
      id={idOf(field)}
      name={field.name}
      rows={field.rows ?? 4}
      {...(field.maxlength === undefined ? {} : { maxlength: field.maxlength })}
      {...(field.required ? { required: true } : {})}
      {...describedBy(field)}
    >
      {field.value ?? ''}
    </textarea>
  </Around>
);

/** One of several. */
export const Select = (
  field: Common & {
    readonly value?: string | undefined;
    readonly options: readonly (readonly [value: string, text: string])[];
  },
) => (
  <Around field={field}>
    <select id={idOf(field)} name={field.name} {...(field.required ? { required: true } : {})} {...describedBy(field)}>
      {field.options.map(([value, text]) => (
        <option value={value} selected={(field.value ?? '') === value}>
          {text}
        </option>
      ))}
    </select>
  </Around>
);

/** A box to tick, or with `type="radio"` one of several. */
export const Check = ({
  name,
  value = 'on',
  label,
  checked = false,
  required = false,
  type = 'checkbox',
}: {
  readonly name: string;
  readonly value?: string;
  readonly label: Child;
  readonly checked?: boolean;
  readonly required?: boolean;
  readonly type?: 'checkbox' | 'radio';
}) => (
  <label class="check">
    <input type={type} name={name} value={value} checked={checked} required={required} /> <span>{label}</span>
  </label>
);

/** Fields that belong together, under one question. */
export const Group = ({ legend, children }: { readonly legend: Child; readonly children: Child }) => (
  <fieldset>
    <legend>{legend}</legend>
    {children}
  </fieldset>
);
