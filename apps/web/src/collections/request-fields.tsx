'use client';

import { TextField } from '@/ui/text-field';
import type { Draft, RequestDescription } from './request-draft';

export interface RequestFieldsProps {
  request: RequestDescription;
  draft: Draft;
  onChange: (draft: Draft) => void;
}

/** Values of the path and of the query string. */
export function RequestFields({ request, draft, onChange }: RequestFieldsProps) {
  const fields = request.fields.filter((field) => field.in !== 'body');
  if (fields.length === 0)
    return request.method === 'POST' ? null : <p className="text-ink-faint">This request takes no values.</p>;
  return (
    <div className="mb-3 grid grid-cols-1 gap-3 sm:grid-cols-2">
      {fields.map(({ name, type, isRequired, values, in: place }) => (
        <div key={name}>
          <TextField
            label={isRequired ? `${name} *` : name}
            hint={`${type}, in the ${place === 'path' ? 'path' : 'query string'}`}
            list={values.length > 0 ? `values-${name}` : undefined}
            value={draft.values[name] ?? ''}
            onChange={(event) => onChange({ ...draft, values: { ...draft.values, [name]: event.target.value } })}
          />
          {values.length > 0 && (
            <datalist id={`values-${name}`}>
              {values.map((value) => (
                <option key={value} value={value} />
              ))}
            </datalist>
          )}
        </div>
      ))}
    </div>
  );
}
