'use client';

import { BookMarked, Trash2 } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type FormEvent, useState } from 'react';
import { z } from 'zod';
import { Button } from '@/ui/button';
import { inputLook } from '@/ui/text-field';
import { Draft } from './request-draft';

const key = 'studio:request-snippets';
const Stored = z.array(z.object({ name: z.string(), draft: Draft }));
type Snippet = z.infer<typeof Stored>[number];

function readSnippets(): Snippet[] {
  try {
    return Stored.parse(JSON.parse(localStorage.getItem(key) ?? '[]'));
  } catch {
    return [];
  }
}

/** Requests kept in this browser, by name. */
export function Snippets({ draft, onChoose }: { draft: Draft; onChoose: (draft: Draft) => void }) {
  const [isOpen, setOpen] = useState(false);
  const [snippets, setSnippets] = useState<Snippet[]>([]);
  const [name, setName] = useState('');
  const store = (next: Snippet[]) => {
    localStorage.setItem(key, JSON.stringify(next));
    setSnippets(next);
  };
  const open = (next: boolean) => {
    if (next) setSnippets(readSnippets());
    setOpen(next);
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    const trimmed = name.trim();
    if (trimmed === '') return;
    store([...snippets.filter((one) => one.name !== trimmed), { name: trimmed, draft }]);
    setName('');
  };
  return (
    <Popover.Root open={isOpen} onOpenChange={open}>
      <Popover.Trigger asChild>
        <Button kind="quiet" size="icon" aria-label="Snippets" title="Requests kept in this browser">
          <BookMarked aria-hidden />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Snippets"
          className="z-50 w-72 max-w-[calc(100vw-1rem)] rounded-lg border bg-raised p-1 shadow-float"
        >
          {snippets.length === 0 && (
            <p className="px-2.5 py-2 text-ink-faint text-xs">None yet. They are kept in this browser.</p>
          )}
          <ul>
            {snippets.map((one) => (
              <li key={one.name} className="flex items-center rounded-md hover:bg-hover">
                <button
                  type="button"
                  className="min-w-0 flex-1 truncate px-2.5 py-1.5 text-left"
                  onClick={() => {
                    onChoose(one.draft);
                    setOpen(false);
                  }}
                >
                  {one.name}
                </button>
                <Button
                  kind="quiet"
                  size="icon"
                  aria-label={`Delete ${one.name}`}
                  onClick={() => store(snippets.filter(({ name: other }) => other !== one.name))}
                >
                  <Trash2 />
                </Button>
              </li>
            ))}
          </ul>
          <form onSubmit={save} className="mt-1 flex gap-1.5 border-t p-2">
            <input
              aria-label="Name of the snippet"
              placeholder="Save this request as…"
              className={inputLook}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <Button type="submit" disabled={name.trim() === ''}>
              Save
            </Button>
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
