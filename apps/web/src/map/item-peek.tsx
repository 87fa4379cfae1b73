'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/trpc/client';
import { FactList } from '@/ui/fact-list';
import { formatDecimal, noValue } from '@/ui/format-number';
import { Peek } from '@/ui/peek';
import { QueryView } from '@/ui/query-view';

export interface ItemPeekProps {
  collectionId: string;
  itemId: string;
  onOpen: (itemId: string) => void;
  onClose: () => void;
  /** To the item before (k) and after (j); absent at the ends. */
  onPrevious?: () => void;
  onNext?: () => void;
}

/** An item of the map and what lies next to it in the collection's own space, not on the map. */
export function ItemPeek({ collectionId, itemId, onOpen, onClose, ...moves }: ItemPeekProps) {
  const trpc = useTRPC();
  const query = useQuery(trpc.projection.findNeighbours.queryOptions({ collectionId, itemId, limit: 20 }));
  return (
    <Peek title={query.data?.item?.title ?? itemId} hint={itemId} onClose={onClose} {...moves}>
      <QueryView query={query}>
        {({ item, neighbours }) => (
          <div className="space-y-5">
            <FactList facts={Object.entries(item?.payload ?? {}).map(([name, value]) => [name, textOf(value)])} />
            <section>
              <h3 className="mb-1 font-semibold text-[13px]">Nearest in all dimensions</h3>
              <ol className="divide-y rounded-md border">
                {neighbours.map((one) => (
                  <li key={one.itemId}>
                    <button
                      type="button"
                      onClick={() => onOpen(one.itemId)}
                      className="flex w-full items-center gap-3 px-3 py-1.5 text-left hover:bg-hover"
                    >
                      <span className="min-w-0 flex-1 truncate">{one.title}</span>
                      <span className="nums text-ink-faint text-xs">{formatDecimal(one.similarity)}</span>
                    </button>
                  </li>
                ))}
              </ol>
            </section>
          </div>
        )}
      </QueryView>
    </Peek>
  );
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ') || noValue;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
