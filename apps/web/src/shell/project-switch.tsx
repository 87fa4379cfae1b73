'use client';

import { ChevronsUpDown } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { DropdownMenu } from 'radix-ui';
import { useProject } from './project';
import { projectParameter } from './project-names';

/** What is open on a page belongs to its project: another one begins with the page as it is by default. */
function goTo(path: string, slug: string): void {
  window.location.assign(`/${path.split('/')[1] ?? ''}?${projectParameter}=${slug}`);
}

/** Absent where there is one project only. */
export function ProjectSwitch() {
  const { slug, entries, isOnly } = useProject();
  const path = usePathname();
  if (isOnly) return null;
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="mx-3 mb-2 flex h-8 items-center gap-2 rounded-md border px-2 text-left text-[13px] hover:bg-hover">
        <Mark slug={slug} />
        <span className="min-w-0 flex-1 truncate font-medium">
          <span className="sr-only">Project: </span>
          {slug}
        </span>
        <ChevronsUpDown className="size-3.5 shrink-0 text-ink-faint" aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          aria-label="Projects"
          className="z-50 max-h-80 w-52 overflow-y-auto rounded-lg border bg-raised p-1 text-[13px] shadow-float"
        >
          <DropdownMenu.RadioGroup value={slug} onValueChange={(next) => goTo(path, next)}>
            {entries.map((entry) => (
              <DropdownMenu.RadioItem
                key={entry.slug}
                value={entry.slug}
                className="flex h-8 items-center gap-2 rounded px-2 outline-none data-[highlighted]:bg-hover data-[state=checked]:font-medium"
              >
                <Mark slug={entry.slug} />
                <span className="min-w-0 flex-1 truncate">{entry.slug}</span>
                <span className="font-normal text-2xs text-ink-faint">{entry.role}</span>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Mark({ slug }: { slug: string }) {
  return (
    <span
      aria-hidden
      className="grid size-5 shrink-0 place-items-center rounded bg-accent-soft font-semibold text-2xs text-accent uppercase"
    >
      {slug.slice(0, 1)}
    </span>
  );
}
