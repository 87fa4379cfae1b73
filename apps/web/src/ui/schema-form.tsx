'use client';

import { useId } from 'react';
import {
  type Faults,
  fieldKind,
  fieldTitle,
  type JsonSchema,
  startValue,
  variantIndex,
  variantsOf,
  variantTitle,
} from './json-schema';
import {
  ChoiceField,
  type FieldProps,
  JsonField,
  ListField,
  NumberField,
  SecretField,
  SwitchField,
  WordsField,
} from './schema-fields';
import { Select } from './select';

export interface SchemaFormProps {
  /** An object schema. */
  schema: JsonSchema;
  value: Record<string, unknown>;
  onChange: (value: Record<string, unknown>) => void;
  /** By dotted path: those of `checkValue`, and what the server complained about. */
  faults?: Faults;
  /** Secrets that are stored already: where they are kept, by dotted path. */
  secrets?: Record<string, string>;
  isDisabled?: boolean;
  /** Of nested forms. */
  path?: string;
  /** Left out; for fields that a page shows in its own way. */
  omit?: readonly string[];
}

/** A form made from the schema of a config. What is left empty is left out of the value: the schema's default applies. */
export function SchemaForm({ schema, value, onChange, path = '', omit = [], ...rest }: SchemaFormProps) {
  const entries = Object.entries(schema.properties ?? {}).filter(
    ([name, property]) => !omit.includes(name) && property.const === undefined,
  );
  if (entries.length === 0 && path === '') return <p className="text-ink-faint">There is nothing to set.</p>;
  return (
    <div className="space-y-4">
      {entries.map(([name, property]) => (
        <SchemaField
          key={name}
          name={name}
          schema={property}
          value={value[name]}
          path={path === '' ? name : `${path}.${name}`}
          isNeeded={schema.required?.includes(name) === true && property.default === undefined}
          onChange={(next) => onChange(withEntry(value, { name, next }))}
          {...rest}
        />
      ))}
    </div>
  );
}

function withEntry(value: Record<string, unknown>, { name, next }: { name: string; next: unknown }) {
  const { [name]: _before, ...others } = value;
  return next === undefined ? others : { ...others, [name]: next };
}

export interface SchemaFieldProps extends Pick<SchemaFormProps, 'faults' | 'secrets' | 'isDisabled'> {
  name: string;
  schema: JsonSchema;
  value: unknown;
  path: string;
  isNeeded?: boolean;
  onChange: (value: unknown) => void;
}

const fields = {
  secret: SecretField,
  choice: ChoiceField,
  variants: VariantsField,
  boolean: SwitchField,
  number: NumberField,
  text: WordsField,
  list: ListField,
  json: JsonField,
};

/** One field with its title, what it is for, and what is wrong with it. */
export function SchemaField(props: SchemaFieldProps) {
  const { name, schema, path, isNeeded, faults = {} } = props;
  const id = useId();
  const kind = fieldKind(schema);
  const title = fieldTitle(name, schema);
  // The field of a form among several tells its own fault.
  const fault = kind === 'variants' ? undefined : faults[path];
  if (kind === 'object') return <ObjectField {...props} title={title} />;
  const Field = fields[kind];
  return (
    <div>
      <div className="mb-1 flex items-baseline gap-2">
        <label htmlFor={id} id={`${id}-label`} className="font-medium text-xs">
          {title}
        </label>
        {isNeeded && <span className="text-2xs text-ink-faint">needed</span>}
        <code className="ml-auto text-2xs text-ink-faint">{path}</code>
      </div>
      <Field {...props} id={id} title={title} noteId={`${id}-note`} fault={fault} />
      <p id={`${id}-note`} className={`mt-1 text-xs ${fault ? 'text-bad' : 'text-ink-faint'} empty:hidden`}>
        {fault ?? schema.description}
      </p>
    </div>
  );
}

function ObjectField({ schema, value, onChange, title, path, ...rest }: SchemaFieldProps & { title: string }) {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return (
    <fieldset className="rounded-md border p-3">
      <legend className="px-1 font-medium text-xs">{title}</legend>
      {schema.description !== undefined && <p className="mb-3 text-ink-faint text-xs">{schema.description}</p>}
      <SchemaForm
        schema={schema}
        value={given}
        onChange={onChange}
        path={path}
        faults={rest.faults}
        secrets={rest.secrets}
        isDisabled={rest.isDisabled}
      />
    </fieldset>
  );
}

const unset = 'unset';

/** A value of one of several forms: first which, then the fields of that one. */
function VariantsField({ schema, value, onChange, title, path, isNeeded, ...rest }: FieldProps & { faults?: Faults }) {
  const variants = variantsOf(schema);
  const current = value ?? (value === null ? null : schema.default);
  const index = current === undefined ? -1 : variantIndex(variants, current);
  const variant = variants[index];
  const options = variants.map((one, at) => ({ value: String(at), title: variantTitle(one) }));
  const hasUnset = !isNeeded && schema.default === undefined;
  const shared = { faults: rest.faults, secrets: rest.secrets, isDisabled: rest.isDisabled };
  return (
    <div className="space-y-3">
      <Select
        label={title}
        className="min-w-48"
        isDisabled={rest.isDisabled}
        value={index < 0 ? unset : String(index)}
        options={hasUnset ? [{ value: unset, title: 'Not set' }, ...options] : options}
        onChange={(next) => onChange(next === unset ? undefined : startValue(variants[Number(next)] ?? {}))}
      />
      {variant !== undefined && fieldKind(variant) === 'object' && (
        <div className="border-l-2 pl-3">
          <SchemaForm
            schema={variant}
            value={current as Record<string, unknown>}
            onChange={onChange}
            path={path}
            {...shared}
          />
        </div>
      )}
      {variant !== undefined && ['number', 'text', 'list'].includes(fieldKind(variant)) && (
        <SchemaField name={title} schema={variant} value={current} path={path} onChange={onChange} {...shared} />
      )}
    </div>
  );
}
