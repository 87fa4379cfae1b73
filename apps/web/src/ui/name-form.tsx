'use client';

import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from './button';
import { inputLook } from './text-field';

export interface NameFormProps {
  /** Name of the field for those who do not see it. */
  label: string;
  placeholder: string;
  isPending?: boolean;
  /** Beside the button. */
  children?: ReactNode;
  /** Gets the name without blanks around it; call `clear` once it is kept. */
  onSave: (name: string, clear: () => void) => void;
}

/** Keeps what is on the screen under a name: the foot of a list of such names. */
export function NameForm({ label, placeholder, isPending, children, onSave }: NameFormProps) {
  const [name, setName] = useState('');
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') onSave(name.trim(), () => setName(''));
  };
  return (
    <form onSubmit={save} className="mt-1 space-y-2 border-t p-2">
      <div className="flex gap-1.5">
        <input
          aria-label={label}
          placeholder={placeholder}
          maxLength={80}
          className={inputLook}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" kind="primary" disabled={name.trim() === ''} isPending={isPending}>
          Save
        </Button>
      </div>
      {children}
    </form>
  );
}
