'use client';

import { useId } from 'react';
import { inputLook, TextField } from '@/ui/text-field';
import type { SettingsField, TextField as TextSetting, Typed } from './settings-schema';

export interface SettingsFieldsProps {
  fields: readonly SettingsField[];
  typed: Typed;
  /** What is wrong, by field. */
  problems: ReadonlyMap<string, string>;
  onType: (key: string, text: string) => void;
}

const mainKeys = [
  'tiers',
  'budget',
  'trainable',
  'temperature',
  'margin',
  'negativesPerQuery',
  'rank',
  'learningRate',
  'epochsMax',
  'secondsMax',
];

/** The settings of a method as its schema describes them; the rarer ones are folded away. */
export function SettingsFields({ fields, typed, problems, onType }: SettingsFieldsProps) {
  const main = fields.filter(({ key }) => mainKeys.includes(key));
  const others = fields.filter(({ key }) => !mainKeys.includes(key));
  const hasFault = others.some(({ key }) => problems.has(key));
  const show = (field: SettingsField) => <SettingsInput key={field.key} {...{ field, typed, problems, onType }} />;
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">{main.map(show)}</div>
      {others.length > 0 && (
        <details open={hasFault || undefined}>
          <summary className="cursor-pointer text-ink-soft text-xs hover:text-ink">More settings</summary>
          <div className="mt-3 grid gap-3 sm:grid-cols-2 lg:grid-cols-4">{others.map(show)}</div>
        </details>
      )}
    </>
  );
}

function SettingsInput({
  field,
  typed,
  problems,
  onType,
}: Omit<SettingsFieldsProps, 'fields'> & { field: SettingsField }) {
  if (field.kind === 'text') return <TextInput {...{ field, typed, problems, onType }} name={field.key} />;
  const names = field.kind === 'choice' ? field.choices : field.variants.map(({ name }) => name);
  const chosen = typed[field.key] || field.fallback;
  const own = field.kind === 'variant' ? (field.variants.find(({ name }) => name === chosen)?.fields ?? []) : [];
  return (
    <>
      <ChoiceInput name={field.key} choices={names} value={chosen} fault={problems.get(field.key)} onType={onType} />
      {own.map((inner) => (
        <TextInput key={inner.key} field={inner} name={`${field.key}.${inner.key}`} {...{ typed, problems, onType }} />
      ))}
    </>
  );
}

function ChoiceInput(props: {
  name: string;
  choices: readonly string[];
  value: string;
  fault: string | undefined;
  onType: SettingsFieldsProps['onType'];
}) {
  const { name, choices, value, fault, onType } = props;
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium text-xs">
        {labelOf(name)}
      </label>
      <select id={id} className={inputLook} value={value} onChange={(event) => onType(name, event.target.value)}>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {labelOf(choice)}
          </option>
        ))}
      </select>
      {fault && <p className="mt-1 text-bad text-xs">{fault}</p>}
    </div>
  );
}

function TextInput(props: Omit<SettingsFieldsProps, 'fields'> & { field: TextSetting; name: string }) {
  const { field, name, typed, problems, onType } = props;
  return (
    <TextField
      label={labelOf(name)}
      hint={field.hint}
      fault={problems.get(name)}
      inputMode="decimal"
      value={typed[name] ?? ''}
      placeholder={field.fallback ?? 'by budget'}
      onChange={(event) => onType(name, event.target.value)}
    />
  );
}

/** `trainable.batchQueries` → Batch queries. */
function labelOf(key: string): string {
  const words = (key.split('.').at(-1) ?? key).replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
