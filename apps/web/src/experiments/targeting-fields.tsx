'use client';

import { Plus, Trash2 } from 'lucide-react';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { TextField } from '@/ui/text-field';
import { faultAt } from './definition-of';
import { nextLine } from './experiment-draft';
import { type FormFieldsProps, withLine } from './form-fields';

const fields = [
  { name: 'name', className: 'w-40', label: 'Attribute', placeholder: 'country' },
  { name: 'values', className: 'min-w-40 flex-1', label: 'Is one of, by commas', placeholder: 'de, at, ch' },
] as const;

/** Which searches take part, by the attributes that the application sends with them. */
export function TargetingFields({ draft, faults, change }: FormFieldsProps) {
  const { targeting } = draft;
  const fault = faultAt(faults, 'targeting');
  return (
    <Card
      title="Targeting"
      hint="Only searches whose attributes have one of these values; without a line, all of them."
      actions={
        <Button
          size="small"
          onClick={() => change({ targeting: [...targeting, { line: nextLine(targeting), name: '', values: '' }] })}
        >
          <Plus /> Add a line
        </Button>
      }
    >
      {targeting.length === 0 && <p className="text-ink-faint text-xs">All searches take part.</p>}
      <ul className="grid gap-2">
        {targeting.map((one) => (
          <li key={one.line} className="flex flex-wrap items-end gap-3">
            {fields.map((field) => (
              <TextField
                key={field.name}
                {...field}
                value={one[field.name]}
                onChange={(event) =>
                  change({ targeting: withLine(targeting, one.line, { [field.name]: event.target.value }) })
                }
              />
            ))}
            <Button
              kind="quiet"
              size="icon"
              className="size-8"
              aria-label={`Remove the line ${one.name}`}
              onClick={() => change({ targeting: targeting.filter(({ line }) => line !== one.line) })}
            >
              <Trash2 />
            </Button>
          </li>
        ))}
      </ul>
      {fault && <p className="mt-2 text-bad text-xs">{fault}</p>}
    </Card>
  );
}
