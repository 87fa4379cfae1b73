import { formatDecimal } from '@/ui/format-number';
import type { CollectionState } from './collection-state';

/** The weights its searches are ordered by. */
export function RankingFacts({ state: { collection } }: { state: CollectionState }) {
  const { ranking, searchPlugins } = collection;
  const plugins = [...searchPlugins.queryProcessors, ...searchPlugins.rankers].map(({ id }) => id);
  const rows: [string, string][] = [
    ['Share of meaning', `${Math.round(ranking.vectorWeight * 100)} %`],
    ['Scale of words', ranking.lexicalNorm],
    ['Scale of meaning', ranking.cosineNorm],
    ['Title × / body ×', `${ranking.lexical.titleWeight} / ${ranking.lexical.bodyWeight}`],
    ['k1, b of title and body', `${ranking.lexical.k1}, ${ranking.lexical.titleB}, ${ranking.lexical.bodyB}`],
    ['Fitted on', ranking.fittedOn],
    ['Plugins', plugins.length === 0 ? 'none' : plugins.join(', ')],
    ['Most parts of an item', formatDecimal(collection.partsMax, 0)],
  ];
  return (
    <section>
      <h3 className="mb-2 font-semibold">Ranking</h3>
      <dl className="space-y-1 text-xs">
        {rows.map(([label, value]) => (
          <div key={label} className="flex justify-between gap-4">
            <dt className="text-ink-faint">{label}</dt>
            <dd className="nums min-w-0 truncate text-right" title={value}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
