'use client';

import type { ReactNode } from 'react';
import { SelectField } from '@/ui/select-field';
import { TextField } from '@/ui/text-field';
import { faultAt } from './definition-of';
import type { ExperimentDraft } from './experiment-draft';
import type { FormFieldsProps } from './form-fields';

type TextName = { [K in keyof ExperimentDraft]: string extends ExperimentDraft[K] ? K : never }[keyof ExperimentDraft];

interface DraftFieldProps {
  form: FormFieldsProps;
  name: TextName;
  label: string;
  hint?: ReactNode;
  /** Where it is in the definition; default: at its name. */
  path?: string;
  className?: string;
}

/** A field of the draft that is written. */
export function DraftField(props: DraftFieldProps & { inputMode?: 'decimal' }) {
  const { form, name, path = name, ...rest } = props;
  return (
    <TextField
      {...rest}
      value={form.draft[name]}
      fault={faultAt(form.faults, path)}
      onChange={(event) => form.change({ [name]: event.target.value })}
    />
  );
}

/** A field of the draft that is chosen. */
export function DraftSelect(props: DraftFieldProps & { options: readonly { value: string; title: string }[] }) {
  const { form, name, path = name, ...rest } = props;
  return (
    <SelectField
      {...rest}
      value={form.draft[name]}
      fault={faultAt(form.faults, path)}
      onChange={(value) => form.change({ [name]: value })}
    />
  );
}
