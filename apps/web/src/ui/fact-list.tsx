import type { ReactNode } from 'react';

/** Names and values of one thing, in two columns. */
export function FactList({ facts }: { facts: [name: string, value: ReactNode][] }) {
  return (
    <dl className="grid grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-faint">{name}</dt>
          <dd className="nums min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
