'use client';

import { useId } from 'react';
import { usePlugins } from '@/plugins/use-plugins';
import { roleOf, useServableCollections } from '@/search/use-collection-names';
import { SelectField } from '@/ui/select-field';
import { TextField } from '@/ui/text-field';
import { type Faults, faultAt } from './definition-of';
import type { TreatmentDraft } from './experiment-draft';

export interface TreatmentFieldsProps {
  treatment: TreatmentDraft;
  faults: Faults;
  /** Where the treatment is in the definition. */
  path: string;
  onChange: (changed: Partial<TreatmentDraft>) => void;
}

const asIs = { value: '', title: 'As it is' };
const choices = {
  retriever: [
    asIs,
    { value: 'hybrid', title: 'Meaning and words' },
    { value: 'vector', title: 'Meaning only' },
    { value: 'lexical', title: 'Words only' },
  ],
  lexicalNorm: [
    asIs,
    { value: 'scale', title: 'By the query’s total weight' },
    { value: 'max', title: 'By the best hit' },
    { value: 'rank', title: 'By place (RRF)' },
  ],
  cosineNorm: [
    asIs,
    { value: 'none', title: 'Plain cosine' },
    { value: 'minmax', title: 'From worst to best' },
    { value: 'rank', title: 'By place (RRF)' },
  ],
  improvement: [asIs, { value: 'on', title: 'On' }, { value: 'off', title: 'Off' }],
  queryAdapter: [asIs, { value: 'on', title: 'On' }, { value: 'off', title: 'Off' }],
};

const selects = [
  ['retriever', 'Finds by'],
  ['lexicalNorm', 'Scale of words'],
  ['cosineNorm', 'Scale of meaning'],
  ['improvement', 'What clicks have taught'],
  ['queryAdapter', 'Query adapter'],
] as const;

const numbers = [
  ['vectorWeight', 'Share of meaning, %'],
  ['titleWeight', 'Title ×'],
  ['bodyWeight', 'Body ×'],
] as const;

/** What an arm does otherwise than the live search. */
export function TreatmentFields({ treatment, faults, path, onChange }: TreatmentFieldsProps) {
  const collections = useServableCollections();
  const options = collections.map((view) => ({
    value: view.collection.id,
    title: `${view.modelName} (${roleOf(view)})`,
  }));
  return (
    <div className="grid gap-3 rounded-md border bg-sunken/50 p-3 sm:grid-cols-2 xl:grid-cols-3">
      <SelectField
        label="Collection, and with it the model"
        value={treatment.collectionId}
        options={[{ value: '', title: 'The one that serves at the start' }, ...options]}
        fault={faultAt(faults, `${path}.collectionId`)}
        onChange={(collectionId) => onChange({ collectionId })}
      />
      {selects.map(([name, label]) => (
        <SelectField
          key={name}
          label={label}
          value={treatment[name]}
          options={choices[name]}
          fault={faultAt(faults, `${path}.${name}`)}
          onChange={(value) => onChange({ [name]: value })}
        />
      ))}
      {numbers.map(([name, label]) => (
        <TextField
          key={name}
          label={label}
          inputMode="decimal"
          placeholder="as it is"
          value={treatment[name]}
          fault={faultAt(faults, `${path}.${name}`)}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      ))}
      <RankerFields chosen={treatment.rankers} onChange={(rankers) => onChange({ rankers })} />
    </div>
  );
}

interface RankerFieldsProps {
  chosen: string[] | null;
  onChange: (rankers: string[] | null) => void;
}

function RankerFields({ chosen, onChange }: RankerFieldsProps) {
  const id = useId();
  const installed = (usePlugins().data ?? []).flatMap(({ id: plugin, kind }) =>
    kind === 'ranker' && plugin !== null ? [plugin] : [],
  );
  const rankers = [...new Set([...(chosen ?? []), ...installed])];
  const toggle = (ranker: string) => {
    const others = (chosen ?? []).filter((one) => one !== ranker);
    onChange(chosen?.includes(ranker) ? others : [...others, ranker]);
  };
  return (
    <div className="sm:col-span-2 xl:col-span-3">
      <SelectField
        className="sm:w-64"
        label="Rankers"
        value={chosen === null ? '' : 'own'}
        options={[asIs, { value: 'own', title: rankers.length === 0 ? 'None' : 'None, or only these' }]}
        onChange={(value) => onChange(value === '' ? null : [])}
      />
      {chosen !== null && rankers.length > 0 && (
        <fieldset className="mt-2 flex flex-wrap gap-x-4 gap-y-1" aria-describedby={id}>
          <legend className="sr-only">Rankers of this arm</legend>
          {rankers.map((ranker) => (
            <label key={ranker} className="inline-flex min-h-6 items-center gap-1.5 text-xs">
              <input
                type="checkbox"
                className="accent-(--accent)"
                checked={chosen.includes(ranker)}
                onChange={() => toggle(ranker)}
              />
              {ranker}
            </label>
          ))}
          <span id={id} className="text-ink-faint text-xs">
            in the order of being ticked: {chosen.length === 0 ? 'none' : chosen.join(' → ')}
          </span>
        </fieldset>
      )}
    </div>
  );
}
