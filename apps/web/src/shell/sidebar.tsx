'use client';

import { Search } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { classNames } from '@/ui/class-names';
import { Kbd } from '@/ui/kbd';
import { openPalette } from './command-palette';
import { Logo } from './logo';
import { type Destination, sections } from './navigation';
import { ProjectSwitch } from './project-switch';
import { UserMenu } from './user-menu';

export function Sidebar() {
  const path = usePathname();
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-12 items-center px-4">
        <Link href="/overview" className="flex items-center gap-2 font-semibold text-sm tracking-tight">
          <Logo /> Embedding Studio
        </Link>
      </div>
      <ProjectSwitch />
      <div className="px-3 pb-2">
        <button
          type="button"
          onClick={openPalette}
          className="flex h-8 w-full items-center gap-2 rounded-md border bg-sunken px-2.5 text-ink-faint text-xs hover:bg-hover"
        >
          <Search className="size-3.5" aria-hidden /> Go to … <Kbd className="ml-auto">⌘K</Kbd>
        </button>
      </div>
      <nav aria-label="Pages" className="flex-1 overflow-y-auto px-3 pb-3">
        {sections.map((section) => (
          <div key={section.title} className="mt-3 first:mt-1">
            <h2 className="px-2 pb-1 font-medium text-2xs text-ink-faint">{section.title}</h2>
            <ul>
              {section.destinations.map((destination) => (
                <li key={destination.href}>
                  <NavigationLink destination={destination} isHere={path.startsWith(destination.href)} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <UserMenu />
    </div>
  );
}

function NavigationLink({ destination, isHere }: { destination: Destination; isHere: boolean }) {
  const { href, title, icon: Icon } = destination;
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={isHere ? 'page' : undefined}
      className={classNames(
        'flex h-7 items-center gap-2.5 rounded-md px-2 text-[13px] text-ink-soft hover:bg-hover hover:text-ink',
        isHere && 'bg-selected font-medium text-ink hover:bg-selected',
      )}
    >
      <Icon className={classNames('size-4 shrink-0', isHere ? 'text-accent' : 'text-ink-faint')} aria-hidden />
      {title}
    </Link>
  );
}
