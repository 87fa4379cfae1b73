'use client';

import type { Role } from '@embedding-studio/contracts';
import { roleHints, roles } from './role-words';

export function RolePicker({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-xs">Role</legend>
      <div className="divide-y rounded-md border">
        {roles.map((role) => (
          <label key={role} className="flex cursor-pointer items-start gap-2.5 px-3 py-2 hover:bg-hover">
            <input
              type="radio"
              name="role"
              value={role}
              checked={role === value}
              onChange={() => onChange(role)}
              className="mt-1 accent-(--accent)"
            />
            <span>
              <span className="block font-medium">{role}</span>
              <span className="block text-ink-faint text-xs">{roleHints[role]}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
