'use client';

import { Button } from '@/ui/button';
import { SelectField } from '@/ui/select-field';
import { TextField } from '@/ui/text-field';
import type { SettingFieldsProps } from './setting-panel';

const asIs = { value: '', title: 'As the collection has it' };
const lexicalNorms = [
  asIs,
  { value: 'scale', title: 'By the query’s total weight' },
  { value: 'max', title: 'By the best hit' },
  { value: 'rank', title: 'By place (RRF)' },
];
const cosineNorms = [
  asIs,
  { value: 'none', title: 'Plain cosine' },
  { value: 'minmax', title: 'From worst to best' },
  { value: 'rank', title: 'By place (RRF)' },
];

/** How meaning and words become one score. */
export function RankingFields({ setting, onChange }: SettingFieldsProps) {
  return (
    <div className="space-y-3 border-t pt-3">
      <WeightSlider setting={setting} onChange={onChange} />
      <div className="grid grid-cols-2 gap-3">
        <SelectField
          label="Scale of words"
          value={setting.lexicalNorm ?? ''}
          options={lexicalNorms}
          onChange={(value) => onChange({ lexicalNorm: (value || undefined) as typeof setting.lexicalNorm })}
        />
        <SelectField
          label="Scale of meaning"
          value={setting.cosineNorm ?? ''}
          options={cosineNorms}
          onChange={(value) => onChange({ cosineNorm: (value || undefined) as typeof setting.cosineNorm })}
        />
      </div>
      <div className="grid grid-cols-3 gap-3">
        <NumberField label="Title ×" name="titleWeight" max={20} step={0.5} setting={setting} onChange={onChange} />
        <NumberField label="Body ×" name="bodyWeight" max={20} step={0.5} setting={setting} onChange={onChange} />
        <NumberField label="Beam (ef)" name="efSearch" min={10} max={1_000} step={10} {...{ setting, onChange }} />
      </div>
    </div>
  );
}

function WeightSlider({ setting, onChange }: SettingFieldsProps) {
  const { vectorWeight } = setting;
  return (
    <div>
      <div className="mb-1 flex items-center justify-between">
        <label htmlFor="meaning-share" className="font-medium text-xs">
          Share of meaning
        </label>
        {vectorWeight === undefined ? (
          <span className="text-ink-faint text-xs">as fitted</span>
        ) : (
          <span className="flex items-center gap-1">
            <span className="nums text-xs">{Math.round(vectorWeight * 100)} %</span>
            <Button size="small" kind="quiet" onClick={() => onChange({ vectorWeight: undefined })}>
              as fitted
            </Button>
          </span>
        )}
      </div>
      <input
        id="meaning-share"
        type="range"
        min={0}
        max={100}
        step={5}
        className="w-full accent-accent"
        value={Math.round((vectorWeight ?? 0.5) * 100)}
        onChange={(event) => onChange({ vectorWeight: Number(event.target.value) / 100 })}
      />
    </div>
  );
}

interface NumberFieldProps extends SettingFieldsProps {
  label: string;
  name: 'titleWeight' | 'bodyWeight' | 'efSearch';
  min?: number;
  max: number;
  step: number;
}

function NumberField({ label, name, min = 0, max, step, setting, onChange }: NumberFieldProps) {
  return (
    <TextField
      label={label}
      type="number"
      {...{ min, max, step }}
      placeholder="as is"
      defaultValue={setting[name] ?? ''}
      onBlur={({ target }) => {
        const value = Number(target.value);
        const isGiven = target.value !== '' && value >= min && value <= max;
        onChange({ [name]: isGiven ? value : undefined });
      }}
    />
  );
}
