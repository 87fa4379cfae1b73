'use client';

import type { ReactNode } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { Button } from '@/ui/button';
import { Popover } from '@/ui/popover';
import { SelectField } from '@/ui/select-field';
import { Switch } from '@/ui/switch';
import { TextField } from '@/ui/text-field';
import { FilterBuilder } from './filter-builder';
import { RankingFields } from './ranking-fields';
import type { ColumnSetting } from './setting';
import { roleOf, useServableCollections } from './use-collection-names';
import type { Playground } from './use-playground';

const retrievers = [
  { value: 'hybrid', title: 'Meaning and words' },
  { value: 'vector', title: 'Meaning only' },
  { value: 'lexical', title: 'Words only' },
];

/** Everything one column can do otherwise. Each change is searched at once. */
export function SettingPanel({
  playground,
  index,
  children,
}: {
  playground: Playground;
  index: number;
  children: ReactNode;
}) {
  const setting = playground.columns[index] ?? {};
  const change = (changed: ColumnSetting) =>
    void playground.setColumns(playground.columns.map((one, at) => (at === index ? { ...one, ...changed } : one)));
  const reset = () => void playground.setColumns(playground.columns.map((one, at) => (at === index ? {} : one)));
  return (
    <Popover
      label={`Settings of column ${index + 1}`}
      trigger={children}
      className="max-h-[min(80vh,44rem)] w-[26rem] overflow-y-auto p-4"
    >
      <div className="space-y-4">
        <SourceFields setting={setting} onChange={change} />
        {setting.retriever === undefined || setting.retriever === 'hybrid' ? (
          <RankingFields setting={setting} onChange={change} />
        ) : null}
        <FilterBuilder filter={setting.filter} onChange={(filter) => change({ filter })} />
        <LearningFields setting={setting} onChange={change} />
        <Button size="small" kind="quiet" onClick={reset}>
          Back to what users get
        </Button>
      </div>
    </Popover>
  );
}

export interface SettingFieldsProps {
  setting: ColumnSetting;
  onChange: (changed: ColumnSetting) => void;
}

function SourceFields({ setting, onChange }: SettingFieldsProps) {
  const collections = useServableCollections();
  const options = collections.map((view) => ({
    value: view.collection.id,
    title: `${view.modelName} (${roleOf(view)})`,
  }));
  return (
    <div className="grid grid-cols-2 gap-3">
      <SelectField
        label="Collection"
        value={setting.collectionId ?? ''}
        options={[{ value: '', title: 'Live, whichever it is' }, ...options]}
        onChange={(value) => onChange({ collectionId: value === '' ? undefined : value })}
      />
      <SelectField
        label="Finds by"
        value={setting.retriever ?? 'hybrid'}
        options={retrievers}
        onChange={(value) => onChange({ retriever: value as ColumnSetting['retriever'] })}
      />
    </div>
  );
}

function LearningFields({ setting, onChange }: SettingFieldsProps) {
  const refusal = useRefusal('analyst');
  return (
    <div className="space-y-3 border-t pt-3">
      <div className="flex flex-col gap-2">
        <Switch
          label="What clicks have taught since training"
          isOn={setting.improvement !== false}
          onChange={(improvement) => onChange({ improvement })}
        />
        <Switch
          label="Plugins of the collection"
          isOn={setting.plugins !== false}
          onChange={(plugins) => onChange({ plugins })}
        />
      </div>
      <TextField
        label="Act as user"
        hint={refusal ?? 'Searches as this user would see it; nothing is recorded.'}
        disabled={refusal !== null || setting.improvement === false}
        defaultValue={setting.userId ?? ''}
        placeholder="user id"
        onBlur={(event) => onChange({ userId: event.target.value.trim() || undefined })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
    </div>
  );
}
