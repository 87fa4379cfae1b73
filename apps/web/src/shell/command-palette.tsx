'use client';

import { Command } from 'cmdk';
import { useRouter } from 'next/navigation';
import { useTheme } from 'next-themes';
import { useEffect, useState } from 'react';
import { sections } from './navigation';

const opening = 'studio:palette';
const rowLook =
  'flex h-9 items-center gap-2.5 rounded-md px-2.5 text-[13px] data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:text-ink-faint';
const groupLook =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-ink-faint';

export function openPalette(): void {
  window.dispatchEvent(new Event(opening));
}

function usePalette(): [boolean, (open: boolean) => void] {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpen((was) => !was);
    };
    const onOpen = () => setOpen(true);
    window.addEventListener('keydown', onKey);
    window.addEventListener(opening, onOpen);
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener(opening, onOpen);
    };
  }, []);
  return [isOpen, setOpen];
}

/** Titles before further words; letters that merely occur in order are no match. */
function rankEntry(title: string, typed: string, keywords: string[] = []): number {
  const wanted = typed.trim().toLowerCase();
  const name = title.toLowerCase();
  if (name.startsWith(wanted)) return 1;
  if (name.includes(wanted)) return 0.8;
  return keywords.some((word) => word.startsWith(wanted)) ? 0.5 : 0;
}

/** ⌘K or Ctrl-K: every page and a few commands by name. */
export function CommandPalette() {
  const [isOpen, setOpen] = usePalette();
  const router = useRouter();
  const { setTheme } = useTheme();
  const run = (act: () => void) => () => {
    setOpen(false);
    act();
  };
  return (
    <Command.Dialog
      open={isOpen}
      onOpenChange={setOpen}
      label="Go to a page or run a command"
      filter={rankEntry}
      overlayClassName="fixed inset-0 z-40 bg-black/40"
      contentClassName="fixed top-[15vh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-xl border bg-raised shadow-float"
    >
      <Command.Input
        placeholder="Go to a page or run a command"
        className="h-12 w-full border-b bg-transparent px-4 text-sm outline-none placeholder:text-ink-faint"
      />
      <Command.List className="max-h-80 overflow-y-auto p-2">
        <Command.Empty className="px-3 py-6 text-center text-ink-faint">Nothing by that name.</Command.Empty>
        {sections.map((section) => (
          <Command.Group key={section.title} heading={section.title} className={groupLook}>
            {section.destinations.map(({ href, title, keywords, icon: Icon }) => (
              <Command.Item
                key={href}
                value={title}
                keywords={keywords.split(' ')}
                onSelect={run(() => router.push(href))}
                className={rowLook}
              >
                <Icon aria-hidden /> {title}
              </Command.Item>
            ))}
          </Command.Group>
        ))}
        <Command.Group heading="Appearance" className={groupLook}>
          {['light', 'dark', 'system'].map((theme) => (
            <Command.Item
              key={theme}
              value={`Theme: ${theme}`}
              onSelect={run(() => setTheme(theme))}
              className={rowLook}
            >
              Theme: {theme}
            </Command.Item>
          ))}
        </Command.Group>
      </Command.List>
    </Command.Dialog>
  );
}
