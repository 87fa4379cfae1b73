'use client';

import { Button } from '@/ui/button';
import { Select } from '@/ui/select';
import { inputLook } from '@/ui/text-field';
import { useAuditFilter } from './use-audit-filter';
import { useUsers } from './user-list';

const kinds = [
  { value: 'all', title: 'Everyone' },
  { value: 'user:', title: 'People' },
  { value: 'apiKey:', title: 'API keys' },
  { value: 'system:', title: 'The system' },
];

export function AuditFilters() {
  const { fields, setFields, isFiltered } = useAuditFilter();
  const users = useUsers().data ?? [];
  const people = users.map(({ id, name }) => ({ value: `user:${id}`, title: name }));
  const isListed = [...kinds, ...people].some(({ value }) => value === fields.actor);
  const custom = fields.actor !== '' && !isListed ? [{ value: fields.actor, title: fields.actor }] : [];
  const input = (name: 'action' | 'subject' | 'from' | 'to', label: string, type = 'text') => (
    <input
      aria-label={label}
      placeholder={label}
      title={label}
      type={type}
      value={fields[name]}
      onChange={(event) => void setFields({ [name]: event.target.value || null })}
      className={`${inputLook} ${type === 'date' ? '!w-36' : '!w-44'}`}
    />
  );
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2.5">
      <Select
        label="Who"
        value={fields.actor || 'all'}
        options={[...kinds, ...people, ...custom]}
        onChange={(value) => void setFields({ actor: value === 'all' ? null : value })}
        className="w-40"
      />
      {input('action', 'Action begins with')}
      {input('subject', 'Subject begins with')}
      {input('from', 'From day (UTC)', 'date')}
      <span aria-hidden className="text-ink-faint">
        –
      </span>
      {input('to', 'To day (UTC)', 'date')}
      {isFiltered && (
        <Button kind="quiet" size="small" onClick={() => void setFields(null)}>
          Clear
        </Button>
      )}
    </div>
  );
}
