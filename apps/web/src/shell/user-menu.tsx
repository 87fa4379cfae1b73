'use client';

import { ChevronsUpDown, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { DropdownMenu } from 'radix-ui';
import { authClient } from '@/sign-in/auth-client';
import { toast } from '@/ui/toast';
import { useUser } from './signed-in-user';

const themes = [
  { value: 'light', title: 'Light', icon: Sun },
  { value: 'dark', title: 'Dark', icon: Moon },
  { value: 'system', title: 'As the system', icon: Monitor },
];
const itemLook =
  'flex h-8 items-center gap-2 rounded px-2 outline-none data-[highlighted]:bg-hover data-[state=checked]:font-medium [&_svg]:size-3.5 [&_svg]:text-ink-faint';

export async function signOut(): Promise<void> {
  const { error } = await authClient.signOut();
  if (error) toast.error('You are still signed in: the console did not answer. Try again.');
  else window.location.assign('/sign-in');
}

export function UserMenu() {
  const user = useUser();
  const { theme, setTheme } = useTheme();
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="m-2 flex items-center gap-2.5 rounded-md p-2 text-left hover:bg-hover">
        <span
          aria-hidden
          className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent text-xs"
        >
          {user.name.slice(0, 1).toUpperCase()}
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium text-xs">{user.name}</span>
          <span className="block truncate text-2xs text-ink-faint">{user.role}</span>
        </span>
        <ChevronsUpDown className="size-3.5 text-ink-faint" aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          side="top"
          align="start"
          sideOffset={4}
          className="z-50 w-52 rounded-lg border bg-raised p-1 text-[13px] shadow-float"
        >
          <p className="truncate px-2 py-1.5 text-ink-faint text-xs">{user.email}</p>
          <DropdownMenu.RadioGroup value={theme} onValueChange={setTheme}>
            {themes.map(({ value, title, icon: Icon }) => (
              <DropdownMenu.RadioItem key={value} value={value} className={itemLook}>
                <Icon aria-hidden /> {title}
                <DropdownMenu.ItemIndicator className="ml-auto">✓</DropdownMenu.ItemIndicator>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item className={itemLook} onSelect={() => void signOut()}>
            <LogOut aria-hidden /> Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
