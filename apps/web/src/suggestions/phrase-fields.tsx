'use client';

import { useState } from 'react';
import { TextField } from '@/ui/text-field';
import { parseTags } from './parse-tags';

export interface PhraseFields {
  prob: string;
  labels: string;
  domains: string;
}

/** What is typed about phrases, and as what it counts. */
export function usePhraseFields(start: PhraseFields) {
  const [fields, setFields] = useState(start);
  const { prob } = fields;
  const tags = { labels: parseTags(fields.labels), domains: parseTags(fields.domains) };
  const isFaulty = prob !== '' && !(Number(prob) >= 0 && Number(prob) <= 1);
  return { fields, setFields, tags, prob: prob === '' ? null : Number(prob), isFaulty };
}

export interface PhraseFieldInputsProps {
  state: ReturnType<typeof usePhraseFields>;
  probHint: string;
  domainsHint: string;
}

export function PhraseFieldInputs({ state, probHint, domainsHint }: PhraseFieldInputsProps) {
  const { fields, setFields, isFaulty } = state;
  const input = (name: keyof PhraseFields) => ({
    value: fields[name],
    onChange: ({ target }: { target: { value: string } }) => setFields({ ...fields, [name]: target.value }),
  });
  return (
    <>
      <TextField
        label="Probability"
        hint={probHint}
        fault={isFaulty ? 'Type a number from 0 to 1.' : undefined}
        inputMode="decimal"
        className="max-w-48"
        {...input('prob')}
      />
      <TextField label="Labels" hint="With commas between." {...input('labels')} />
      <TextField label="Domains" hint={domainsHint} {...input('domains')} />
    </>
  );
}
