'use client';

import { Code2 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { Button } from '@/ui/button';
import { toast } from '@/ui/toast';
import { type CopiedSearch, findLeftOut, toCurl, toSdk } from './copy-code';
import type { Playground } from './use-playground';

const itemLook = 'flex h-8 items-center gap-2 rounded px-2 outline-none data-[highlighted]:bg-hover';
const formats = [
  { format: 'sdk', title: 'TypeScript SDK' },
  { format: 'curl', title: 'REST by curl' },
] as const;

/** The search of a column as an application would ask it, at the address under which it reaches the gateway. */
export function CopyMenu({ playground, gatewayUrl: url }: { playground: Playground; gatewayUrl: string }) {
  const { q, limit, columns } = playground;
  const copy = async (search: CopiedSearch, format: 'sdk' | 'curl') => {
    try {
      await navigator.clipboard.writeText(format === 'sdk' ? toSdk(search) : toCurl(search));
      const left = findLeftOut(search);
      toast.success(left.length === 0 ? 'Copied' : `Copied without ${left.join(', ')}: only the playground has these`);
    } catch {
      toast.error('Not copied: the browser does not let this page write to the clipboard.');
    }
  };
  const choices = columns.flatMap((setting, index) =>
    formats.map(({ format, title }) => ({
      key: `${index}-${format}`,
      title: columns.length > 1 ? `Column ${index + 1}: ${title}` : title,
      ...{ format, setting },
    })),
  );
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild disabled={q.trim() === ''}>
        <Button>
          <Code2 aria-hidden /> Copy
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="z-50 w-56 rounded-lg border bg-raised p-1 text-[13px] shadow-float"
        >
          {choices.map(({ key, title, format, setting }) => (
            <DropdownMenu.Item
              key={key}
              className={itemLook}
              onSelect={() => void copy({ query: q, limit, setting, url }, format)}
            >
              {title}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
