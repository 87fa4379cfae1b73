'use client';

import { Command } from 'cmdk';
import { ChevronsUpDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import type { RequestDescription } from './request-draft';

export interface RequestPickerProps {
  requests: RequestDescription[];
  value: RequestDescription;
  onChange: (request: RequestDescription) => void;
}

/** Every request by method, path or what it does. */
export function RequestPicker({ requests, value, onChange }: RequestPickerProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger
        className="flex max-w-full items-center gap-2 rounded-md text-left font-mono text-xs"
        aria-label={`Request ${value.method} ${value.path}, choose another`}
      >
        <Method method={value.method} />
        <span className="truncate">{value.path}</span>
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 w-[34rem] max-w-[calc(100vw-1rem)] overflow-hidden rounded-lg border bg-raised shadow-float"
        >
          <Command label="Requests">
            <Command.Input
              autoFocus
              placeholder="Find a request by path or by what it does"
              className="h-10 w-full border-b bg-transparent px-3 text-[13px] outline-none placeholder:text-ink-faint"
            />
            <Command.List className="max-h-80 overflow-y-auto p-1">
              <Command.Empty className="px-3 py-4 text-center text-ink-faint">No such request.</Command.Empty>
              {requests.map((request) => (
                <Command.Item
                  key={request.operationId}
                  value={`${request.method} ${request.path} ${request.operationId} ${request.summary}`}
                  onSelect={() => {
                    onChange(request);
                    setOpen(false);
                  }}
                  className="rounded-md px-2 py-1.5 data-[selected=true]:bg-hover"
                >
                  <span className="flex items-center gap-2 font-mono text-xs">
                    <Method method={request.method} />
                    <span className="truncate">{request.path}</span>
                  </span>
                  <span className="block truncate text-2xs text-ink-faint">{request.summary}</span>
                </Command.Item>
              ))}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Method({ method }: { method: RequestDescription['method'] }) {
  const tone = method === 'GET' ? 'text-good' : method === 'DELETE' ? 'text-bad' : 'text-accent';
  return <span className={`w-11 shrink-0 font-semibold text-2xs ${tone}`}>{method}</span>;
}
