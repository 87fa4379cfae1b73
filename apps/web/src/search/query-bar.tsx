'use client';

import { Search } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { Kbd } from '@/ui/kbd';
import { inputLook } from '@/ui/text-field';
import { CopyMenu } from './copy-menu';
import type { Playground } from './use-playground';

const limits = [10, 20, 30];

export interface QueryBarProps {
  playground: Playground;
  isFetching: boolean;
  gatewayUrl: string;
}

/** The query that all columns share. */
export function QueryBar({ playground, isFetching, gatewayUrl }: QueryBarProps) {
  const { q, session, limit, setState } = playground;
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void setState({ q: text.trim(), item: null });
  };
  return (
    <div className="space-y-2">
      <form onSubmit={submit} className="flex flex-wrap items-center gap-2">
        <div className="relative min-w-0 flex-1 basis-72">
          <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-ink-faint" />
          <input
            type="search"
            aria-label="Query"
            className={classNames(inputLook, 'pl-8')}
            placeholder={session === null ? 'What would a user ask?' : 'The session’s own query'}
            maxLength={2_000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <select
          aria-label="Results per column"
          className={classNames(inputLook, 'w-auto')}
          value={limit}
          onChange={(event) => void setState({ limit: Number(event.target.value) })}
        >
          {limits.map((one) => (
            <option key={one} value={one}>
              top {one}
            </option>
          ))}
        </select>
        <Button type="submit" kind="primary" isPending={isFetching}>
          Search
        </Button>
        <CopyMenu {...{ playground, gatewayUrl }} />
      </form>
      <p className="hidden flex-wrap items-center gap-x-3 gap-y-1 text-2xs text-ink-faint sm:flex">
        <span>
          <Kbd>j</Kbd> <Kbd>k</Kbd> results
        </span>
        <span>
          <Kbd>h</Kbd> <Kbd>l</Kbd> columns
        </span>
        <span>
          <Kbd>0</Kbd>–<Kbd>3</Kbd> judge, <Kbd>x</Kbd> take back
        </span>
        <span>
          <Kbd>↵</Kbd> why it stands there
        </span>
        <span className="ml-auto flex items-center gap-3">
          <Legend className="bg-series-1" label="meaning" />
          <Legend className="bg-series-2" label="words" />
        </span>
      </p>
    </div>
  );
}

function Legend({ className, label }: { className: string; label: string }) {
  return (
    <span className="flex items-center gap-1">
      <span aria-hidden className={classNames('h-1 w-4 rounded-full', className)} />
      {label}
    </span>
  );
}
