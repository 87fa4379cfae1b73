'use client';

import { Menu } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { Button } from '@/ui/button';
import { TooltipProvider } from '@/ui/tooltip';
import { CommandPalette } from './command-palette';
import { MobileNavigation } from './mobile-navigation';
import { ProjectContext, type ProjectFacts } from './project';
import { ProjectInAddress } from './project-in-address';
import { Sidebar } from './sidebar';
import { type SignedInUser, UserContext } from './signed-in-user';

interface ShellProps {
  user: SignedInUser;
  project: ProjectFacts;
  children: ReactNode;
}

/** Navigation on the left, the page beside it; below 1024 px the navigation waits behind a button. */
export function Shell({ user, project, children }: ShellProps) {
  const [isOpen, setOpen] = useState(false);
  const path = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the drawer.
  useEffect(() => setOpen(false), [path]);
  return (
    <UserContext value={user}>
      <ProjectContext value={project}>
        <TooltipProvider>
          <a
            href="#content"
            className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2"
          >
            Skip to content
          </a>
          <div className="flex min-h-dvh">
            <aside className="sticky top-0 hidden h-dvh w-56 shrink-0 border-r bg-surface lg:block">
              <Sidebar />
            </aside>
            <div className="flex min-w-0 flex-1 flex-col">
              <div className="flex h-12 items-center gap-2 border-b bg-surface px-3 lg:hidden">
                <Button kind="quiet" size="icon" aria-label="Open navigation" onClick={() => setOpen(true)}>
                  <Menu />
                </Button>
                <span className="font-semibold">Embedding Studio</span>
                {!project.isOnly && <span className="ml-auto truncate text-ink-faint text-xs">{project.slug}</span>}
              </div>
              <main id="content" className="min-w-0 flex-1">
                {children}
              </main>
            </div>
          </div>
          <MobileNavigation isOpen={isOpen} onOpenChange={setOpen} />
          <CommandPalette />
          {!project.isOnly && <ProjectInAddress />}
        </TooltipProvider>
      </ProjectContext>
    </UserContext>
  );
}
