import { FactList } from '@/ui/fact-list';
import { noValue } from '@/ui/format-number';
import type { Preview } from './use-sources';

/** One row as the item that it becomes, with the texts that would be embedded. */
export function ComposedItem({ entry }: { entry: Preview['items'][number] }) {
  if (entry.item === null)
    return <p className="rounded-md border border-bad/40 bg-bad-soft px-3 py-2 text-bad">{entry.error}</p>;
  const { item, parts } = entry;
  return (
    <div className="space-y-3 rounded-md border p-3">
      <FactList
        facts={[
          ['Id', <code key="id">{item.id}</code>],
          ['Title', item.title || noValue],
          [
            'Text',
            <span key="text" className="line-clamp-4">
              {item.text || noValue}
            </span>,
          ],
          [
            'Payload',
            <code key="payload" className="line-clamp-4 break-all text-xs">
              {JSON.stringify(item.payload)}
            </code>,
          ],
        ]}
      />
      <div>
        <h4 className="mb-1 text-ink-faint text-xs">Embedded as {parts.length === 1 ? 'one part' : 'these parts'}</h4>
        <ol className="space-y-1">
          {parts.map((part) => (
            <li key={part} className="line-clamp-3 rounded bg-sunken px-2 py-1 text-xs">
              {part}
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}
