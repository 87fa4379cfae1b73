'use client';

import type { Role } from '@embedding-studio/contracts';
import { useProject } from '@/shell/project';
import { SelectField } from '@/ui/select-field';
import { Switch } from '@/ui/switch';
import type { Access } from './access';
import { roles } from './role-words';

const none = 'none';
const options = [{ value: none, title: 'no access' }, ...roles.map((role) => ({ value: role, title: role }))];

/** A role in each project, or all of them in all. */
export function AccessPicker({ value, onChange }: { value: Access; onChange: (access: Access) => void }) {
  const { entries } = useProject();
  const setRole = (slug: string, role: string) => {
    const { [slug]: _before, ...others } = value.roles;
    onChange({ ...value, roles: role === none ? others : { ...others, [slug]: role as Role } });
  };
  return (
    <fieldset className="space-y-3">
      <legend className="mb-1 font-medium text-xs">Access</legend>
      <Switch
        label="Admin of all projects and of people"
        isOn={value.isAdmin}
        onChange={(isAdmin) => onChange({ ...value, isAdmin })}
      />
      {!value.isAdmin && (
        <div className="grid max-h-72 grid-cols-2 gap-3 overflow-y-auto">
          {entries.map(({ slug }) => (
            <SelectField
              key={slug}
              label={slug}
              value={value.roles[slug] ?? none}
              options={options}
              onChange={(role) => setRole(slug, role)}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}
