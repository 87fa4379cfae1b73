'use client';

import { useId } from 'react';
import { classNames } from '@/ui/class-names';
import { Select } from '@/ui/select';
import { Switch } from '@/ui/switch';
import type { Preview, Source } from './use-sources';

type Mapping = Source['mapping'];

const none = ' none';

export interface MappingFormProps {
  mapping: Mapping;
  columns: Preview['columns'];
  onChange: (mapping: Mapping) => void;
}

/** Which field is the id, the title, the text; and what goes with the item as payload. */
export function MappingForm({ mapping, columns, onChange }: MappingFormProps) {
  const mapped = [mapping.id, mapping.title, ...mapping.text, ...Object.values(mapping.payload ?? {})];
  const names = [...new Set([...columns.map(({ name }) => name), ...mapped.filter((name) => name !== null)])];
  const options = names.map((name) => ({ value: name, title: name }));
  const toggle = (list: readonly string[], name: string) =>
    list.includes(name) ? list.filter((one) => one !== name) : [...list, name];
  return (
    <section className="grid gap-4 sm:grid-cols-2">
      <h3 className="font-medium sm:col-span-2">Fields of the item</h3>
      <Choice
        title="Id"
        hint="Says which item a record is, at every sync."
        value={mapping.id}
        options={[{ value: none, title: 'The record’s own key' }, ...options]}
        onChange={(id) => onChange({ ...mapping, id })}
      />
      <Choice
        title="Title"
        hint="Searched with the most weight."
        value={mapping.title}
        options={[{ value: none, title: 'None' }, ...options]}
        onChange={(title) => onChange({ ...mapping, title })}
      />
      <Chips
        title="Text"
        hint="Searched and embedded, in the order chosen."
        names={names}
        chosen={mapping.text}
        onToggle={(name) => onChange({ ...mapping, text: toggle(mapping.text, name) })}
      />
      <div className="space-y-2">
        <Switch
          label="Payload: every other field"
          isOn={mapping.payload === null}
          onChange={(isAll) => onChange({ ...mapping, payload: isAll ? null : {} })}
        />
        {mapping.payload !== null && (
          <Chips
            title="Payload"
            hint="Returned with hits, and filtered by."
            names={names}
            chosen={Object.values(mapping.payload)}
            onToggle={(name) =>
              onChange({
                ...mapping,
                payload: Object.fromEntries(
                  toggle(Object.values(mapping.payload ?? {}), name).map((one) => [one, one]),
                ),
              })
            }
          />
        )}
      </div>
    </section>
  );
}

interface ChoiceProps {
  title: string;
  hint: string;
  value: string | null;
  options: { value: string; title: string }[];
  onChange: (value: string | null) => void;
}

function Choice({ title, hint, value, options, onChange }: ChoiceProps) {
  return (
    <div>
      <div className="mb-1 font-medium text-xs">{title}</div>
      <Select
        label={title}
        className="w-full"
        value={value ?? none}
        options={options}
        onChange={(next) => onChange(next === none ? null : next)}
      />
      <p className="mt-1 text-ink-faint text-xs">{hint}</p>
    </div>
  );
}

interface ChipsProps {
  title: string;
  hint: string;
  names: string[];
  chosen: readonly string[];
  onToggle: (name: string) => void;
}

function Chips({ title, hint, names, chosen, onToggle }: ChipsProps) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <div id={id} className="mb-1 font-medium text-xs">
        {title}
      </div>
      <div className="flex max-h-28 flex-wrap gap-1.5 overflow-y-auto">
        {names.map((name) => {
          const place = chosen.indexOf(name);
          return (
            <button
              key={name}
              type="button"
              aria-pressed={place >= 0}
              onClick={() => onToggle(name)}
              className={classNames(
                'h-6 rounded-full border px-2 font-mono text-2xs hover:bg-hover',
                place >= 0 && 'border-accent bg-accent-soft text-accent',
              )}
            >
              {place >= 0 && chosen.length > 1 ? `${place + 1} · ${name}` : name}
            </button>
          );
        })}
      </div>
      <p className="mt-1 text-ink-faint text-xs">{hint}</p>
    </div>
  );
}
