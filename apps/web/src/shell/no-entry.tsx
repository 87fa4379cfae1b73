'use client';

import type { ProjectEntry } from '@embedding-studio/core';
import { Frame } from '@/sign-in/frame';
import { Button } from '@/ui/button';
import { projectParameter } from './project-names';
import { signOut } from './user-menu';

export interface NoEntryProps {
  /** The project of the address; null: none was named. */
  asked: string | null;
  entries: readonly ProjectEntry[];
}

/** Instead of the console, where somebody may not be. Says the same of a project that is closed and of one that is not. */
export function NoEntry({ asked, entries }: NoEntryProps) {
  const title = asked === null ? 'No project is open to you' : `The project ${asked} is not open to you`;
  return (
    <Frame title={title} hint="Ask an admin for a role in a project.">
      {entries.length > 0 && (
        <ul aria-label="Projects that are open to you" className="mb-4 divide-y rounded-md border">
          {entries.map(({ slug, role }) => (
            <li key={slug}>
              {/* A whole load: everything on the page belongs to one project. */}
              <a
                href={`/overview?${projectParameter}=${slug}`}
                className="flex items-center justify-between gap-3 px-3 py-2 hover:bg-hover"
              >
                <span className="truncate font-medium">{slug}</span>
                <span className="text-ink-faint text-xs">{role}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
      <Button onClick={() => void signOut()}>Sign out</Button>
    </Frame>
  );
}
