'use client';

import { useState } from 'react';
import { Button } from './button';
import { itemOf, type JsonSchema } from './json-schema';
import { Segmented } from './segmented';
import { Select } from './select';
import { Switch } from './switch';
import { inputLook } from './text-field';

export interface FieldProps {
  id: string;
  title: string;
  noteId: string;
  schema: JsonSchema;
  value: unknown;
  path: string;
  fault?: string;
  isNeeded?: boolean;
  isDisabled?: boolean;
  secrets?: Record<string, string>;
  onChange: (value: unknown) => void;
}

const inputFacts = ({ id, noteId, fault, isDisabled }: FieldProps) => ({
  id,
  disabled: isDisabled,
  'aria-describedby': noteId,
  'aria-invalid': fault === undefined ? undefined : true,
});

function standardText({ schema }: FieldProps): string | undefined {
  const { default: standard } = schema;
  if (standard === undefined || standard === '') return undefined;
  return Array.isArray(standard) ? standard.join('\n') : String(standard);
}

export function WordsField(props: FieldProps) {
  const { value, schema, onChange } = props;
  return (
    <input
      {...inputFacts(props)}
      className={inputLook}
      value={value === undefined ? '' : String(value)}
      placeholder={standardText(props)}
      type={schema.format === 'uri' ? 'url' : 'text'}
      autoComplete="off"
      onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
    />
  );
}

/** Keeps what is typed until it is another number, so that `0.` may become `0.5`. */
export function NumberField(props: FieldProps) {
  const { value, onChange } = props;
  const [typed, setTyped] = useState('');
  const shown = value === undefined ? '' : parseNumber(typed) === value ? typed : String(value);
  return (
    <input
      {...inputFacts(props)}
      className={`${inputLook} nums max-w-48`}
      value={shown}
      placeholder={standardText(props)}
      inputMode="decimal"
      autoComplete="off"
      onChange={({ target }) => {
        setTyped(target.value);
        onChange(target.value.trim() === '' ? undefined : parseNumber(target.value));
      }}
    />
  );
}

/** The text itself where it is no number: the check says so. */
function parseNumber(text: string): number | string {
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? text : number;
}

export function SwitchField({ schema, value, title, isDisabled, onChange }: FieldProps) {
  const isOn = (value ?? schema.default) === true;
  return (
    <Switch label={<span className="sr-only">{title}</span>} isOn={isOn} onChange={onChange} isDisabled={isDisabled} />
  );
}

const unset = ' unset';

export function ChoiceField({ schema, value, title, isNeeded, isDisabled, onChange }: FieldProps) {
  const choices = schema.enum ?? [schema.const];
  const options = choices.map((choice) => ({ value: String(choice), title: String(choice) }));
  const hasUnset = !isNeeded && schema.default === undefined;
  return (
    <Select
      label={title}
      className="min-w-48"
      isDisabled={isDisabled}
      value={String(value ?? schema.default ?? unset)}
      options={hasUnset ? [{ value: unset, title: 'Not set' }, ...options] : options}
      onChange={(next) => onChange(choices.find((choice) => String(choice) === next))}
    />
  );
}

/** One entry a line. */
export function ListField(props: FieldProps) {
  const { schema, value, onChange } = props;
  const isNumbers = itemOf(schema).type !== 'string';
  const text = Array.isArray(value) ? value.join('\n') : '';
  return (
    <textarea
      {...inputFacts(props)}
      className={`${inputLook} h-auto min-h-16 py-1.5 font-mono text-xs`}
      rows={Math.min(8, Math.max(2, text.split('\n').length + 1))}
      value={text}
      placeholder={standardText(props) ?? 'One a line'}
      onChange={({ target }) => {
        const lines = target.value === '' ? undefined : target.value.split('\n');
        onChange(isNumbers ? lines?.map(parseNumber) : lines);
      }}
    />
  );
}

export function JsonField(props: FieldProps) {
  const { value, onChange } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? (value === undefined ? '' : JSON.stringify(value, null, 2));
  return (
    <textarea
      {...inputFacts(props)}
      className={`${inputLook} h-auto min-h-20 py-1.5 font-mono text-xs`}
      rows={4}
      value={shown}
      placeholder="JSON"
      onChange={({ target }) => {
        setTyped(target.value);
        onChange(target.value.trim() === '' ? undefined : parseJson(target.value));
      }}
    />
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

type Way = 'value' | 'setting';

/** Write-only: a stored secret stays unless another is typed; it may also stand in the operator's settings. */
export function SecretField(props: FieldProps) {
  const { value, path, title, secrets = {}, isDisabled, onChange } = props;
  const setting = (value as { setting?: string } | null | undefined)?.setting;
  const way: Way = setting === undefined ? 'value' : 'setting';
  const kept = secrets[path];
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Segmented<Way>
        label={`Where ${title} is kept`}
        value={way}
        options={[
          { value: 'value', title: 'Encrypted' },
          { value: 'setting', title: 'In settings' },
        ]}
        onChange={(next) => onChange(next === 'setting' ? { setting: '' } : undefined)}
      />
      <input
        {...inputFacts(props)}
        className={`${inputLook} min-w-40 flex-1 basis-40`}
        type={way === 'value' ? 'password' : 'text'}
        autoComplete="new-password"
        value={setting ?? (typeof value === 'string' ? value : '')}
        placeholder={placeholderOf({ way, kept, isRemoved: value === null })}
        onChange={({ target }) => {
          if (way === 'setting') onChange({ setting: target.value });
          else onChange(target.value === '' ? undefined : target.value);
        }}
      />
      {kept !== undefined && (
        <Button
          size="small"
          kind="quiet"
          disabled={isDisabled}
          onClick={() => onChange(value === null ? undefined : null)}
        >
          {value === null ? 'Keep' : 'Remove'}
        </Button>
      )}
    </div>
  );
}

function placeholderOf({ way, kept, isRemoved }: { way: Way; kept?: string; isRemoved: boolean }): string {
  if (way === 'setting') return 'Name in SOURCE_SECRETS';
  if (isRemoved) return 'Will be removed';
  return kept === undefined ? 'Not set' : `${kept}; type to replace it`;
}
