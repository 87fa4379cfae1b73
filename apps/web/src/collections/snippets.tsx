'use client';

import { BookMarked, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { z } from 'zod';
import { useProject } from '@/shell/project';
import { Button } from '@/ui/button';
import { NameForm } from '@/ui/name-form';
import { Popover } from '@/ui/popover';
import { Draft } from './request-draft';

const Stored = z.array(z.object({ name: z.string(), draft: Draft }));
type Snippet = z.infer<typeof Stored>[number];

/** Requests name collections and models, which are of one project. */
function useKey(): string {
  const { slug, isOnly } = useProject();
  return isOnly ? 'studio:request-snippets' : `studio:request-snippets:${slug}`;
}

function readSnippets(key: string): Snippet[] {
  try {
    return Stored.parse(JSON.parse(localStorage.getItem(key) ?? '[]'));
  } catch {
    return [];
  }
}

/** Requests kept in this browser, by name. */
export function Snippets({ draft, onChoose }: { draft: Draft; onChoose: (draft: Draft) => void }) {
  const key = useKey();
  const [isOpen, setOpen] = useState(false);
  const [snippets, setSnippets] = useState<Snippet[]>([]);
  const store = (next: Snippet[]) => {
    localStorage.setItem(key, JSON.stringify(next));
    setSnippets(next);
  };
  const open = (next: boolean) => {
    if (next) setSnippets(readSnippets(key));
    setOpen(next);
  };
  const save = (name: string, clear: () => void) => {
    store([...snippets.filter((one) => one.name !== name), { name, draft }]);
    clear();
  };
  const trigger = (
    <Button kind="quiet" size="icon" aria-label="Snippets" title="Requests kept in this browser">
      <BookMarked aria-hidden />
    </Button>
  );
  return (
    <Popover label="Snippets" trigger={trigger} isOpen={isOpen} onOpenChange={open}>
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
              onClick={() => store(snippets.filter(({ name }) => name !== one.name))}
            >
              <Trash2 />
            </Button>
          </li>
        ))}
      </ul>
      <NameForm label="Name of the snippet" placeholder="Save this request as…" onSave={save} />
    </Popover>
  );
}
