'use client';

import { useCallback } from 'react';
import { formatDecimal, formatDelta, noValue } from '@/ui/format-number';
import { Peek } from '@/ui/peek';
import { type Compared, type ComparedHit, findImage, rankIn } from './compared';
import type { Playground } from './use-playground';

/** Why an item stands where it stands, column by column. */
export function HitPeek({ compared, playground }: { compared: Compared; playground: Playground }) {
  const { item: itemId, select } = playground;
  const item = itemId === null ? undefined : compared.items[itemId];
  const onClose = useCallback(() => void select(null), [select]);
  if (itemId === null || item === undefined) return null;
  return (
    <Peek
      title={item.title || itemId}
      hint={<span className="font-mono">{itemId}</span>}
      onClose={onClose}
      onPrevious={() => openNeighbour(itemId, -1)}
      onNext={() => openNeighbour(itemId, 1)}
    >
      <div className="space-y-5">
        <ScoreTable compared={compared} itemId={itemId} />
        <PayloadTable payload={item.payload} />
      </div>
    </Peek>
  );
}

/** In the focused column, or the first that shows the item. */
function openNeighbour(itemId: string, by: 1 | -1): void {
  const places = [...document.querySelectorAll<HTMLElement>(`[data-item="${CSS.escape(itemId)}"]`)];
  const open = places.find((place) => place === document.activeElement) ?? places[0];
  const [column, row] = open?.dataset.cell?.split(':').map(Number) ?? [];
  if (column === undefined || row === undefined) return;
  const next = document.querySelector<HTMLElement>(`[data-cell="${column}:${row + by}"]`);
  next?.focus();
  next?.click();
}

type Explanation = NonNullable<ComparedHit['explain']>;
const lines: { label: string; title?: string; of: (hit: ComparedHit, explain: Explanation) => string }[] = [
  { label: 'Score', of: ({ score }) => formatDecimal(score) },
  { label: 'Part of meaning', of: (_, { vectorPart }) => formatDecimal(vectorPart) },
  { label: 'Part of words', of: (_, { lexicalPart }) => formatDecimal(lexicalPart) },
  { label: 'Cosine', of: (_, { cosine }) => formatDecimal(cosine) },
  {
    label: 'Words (BM25F)',
    title: 'of the sum of the query words’ idf',
    of: (_, { lexical, lexicalScale }) => `${formatDecimal(lexical, 2)} / ${formatDecimal(lexicalScale, 2)}`,
  },
  { label: 'Place by meaning', of: (_, { vectorRank }) => (vectorRank === null ? noValue : `#${vectorRank}`) },
  { label: 'Place by words', of: (_, { lexicalRank }) => (lexicalRank === null ? noValue : `#${lexicalRank}`) },
  {
    label: 'Learned from clicks',
    title: 'what clicks have added to the cosine',
    of: (_, { overlay }) => (overlay === null ? noValue : `${formatDelta(overlay.delta)} (v${overlay.version})`),
  },
];

function ScoreTable({ compared, itemId }: { compared: Compared; itemId: string }) {
  const cells = compared.columns.map((column, index) => {
    const rank = rankIn(compared, index, itemId);
    return { column, rank, hit: rank === null ? undefined : column.hits[rank - 1] };
  });
  return (
    <section>
      <h3 className="mb-2 font-semibold">Why it stands there</h3>
      <div className="overflow-x-auto" role="region" aria-label="Scores by column" tabIndex={0}>
        <table className="w-full text-xs">
          <thead>
            <tr className="border-b text-left text-ink-faint">
              <th className="py-1.5 pr-3 font-normal">Column</th>
              {cells.map(({ column }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places.
                <th key={index} scope="col" className="py-1.5 pr-3 text-right font-normal">
                  {column.kind === 'session' ? 'shown' : index + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="nums">
            <Line label="Place" values={cells.map(({ rank }) => (rank === null ? 'not shown' : `#${rank}`))} />
            {lines.map(({ label, title, of }) => (
              <Line
                key={label}
                {...{ label, title }}
                values={cells.map(({ hit }) => (hit?.explain ? of(hit, hit.explain) : noValue))}
              />
            ))}
          </tbody>
        </table>
      </div>
      <PluginNotes cells={cells} />
    </section>
  );
}

function Line({ label, title, values }: { label: string; title?: string; values: string[] }) {
  return (
    <tr className="border-b last:border-b-0">
      <th scope="row" title={title} className="py-1.5 pr-3 text-left font-normal text-ink-soft">
        {label}
      </th>
      {values.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places.
        <td key={index} className="whitespace-nowrap py-1.5 pr-3 text-right">
          {value}
        </td>
      ))}
    </tr>
  );
}

function PluginNotes({ cells }: { cells: { hit: ComparedHit | undefined }[] }) {
  const notes = cells.flatMap(({ hit }, index) =>
    Object.entries(hit?.explain?.plugins ?? {}).map(([id, said]) => ({
      key: `${index}:${id}`,
      column: index + 1,
      id,
      said,
    })),
  );
  if (notes.length === 0) return null;
  return (
    <ul className="mt-2 space-y-1 text-ink-soft text-xs">
      {notes.map(({ key, column, id, said }) => (
        <li key={key}>
          Column {column}, plugin {id}: <code className="font-mono">{JSON.stringify(said)}</code>
        </li>
      ))}
    </ul>
  );
}

function PayloadTable({ payload }: { payload: Record<string, unknown> }) {
  const image = findImage(payload);
  return (
    <section>
      <h3 className="mb-2 font-semibold">Payload</h3>
      {/* biome-ignore lint/performance/noImgElement: pictures of any host. */}
      {image && <img src={image} alt="" className="mb-3 max-h-56 rounded-md border bg-sunken object-contain" />}
      <dl className="space-y-1.5 text-xs">
        {Object.entries(payload).map(([name, value]) => (
          <div key={name} className="grid grid-cols-[8rem_1fr] gap-3">
            <dt className="truncate text-ink-faint" title={name}>
              {name}
            </dt>
            <dd className="min-w-0 break-words">{Array.isArray(value) ? value.join(', ') : String(value)}</dd>
          </div>
        ))}
        {Object.keys(payload).length === 0 && <p className="text-ink-faint">This item has no payload.</p>}
      </dl>
    </section>
  );
}
