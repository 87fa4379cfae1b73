import type { SettingsSearchView } from '@embedding-studio/core';
import { formatDecimal } from '@/ui/format-number';

/** How much each setting had to do with the score, one at a time, and how likely that is luck. */
export function SearchImportance({ importance }: { importance: SettingsSearchView['importance'] }) {
  return (
    <section aria-label="Importance of settings">
      <h3 className="mb-1 text-ink-soft text-xs">What had to do with the score</h3>
      {importance.length === 0 ? (
        <p className="text-ink-faint text-xs">Four trials and more can tell; each setting is looked at by itself.</p>
      ) : (
        <table className="nums w-full text-xs">
          <thead className="text-ink-faint">
            <tr>
              <th className="py-1 text-left font-normal">Setting</th>
              <th className="w-1/3 text-left font-normal">Strength (rank correlation)</th>
              <th className="text-left font-normal">Trend</th>
              <th className="text-right font-normal">p</th>
            </tr>
          </thead>
          <tbody>
            {importance.map(({ name, strength, direction, p }) => (
              <tr key={name} className="border-t">
                <th className="py-1 text-left font-mono font-normal">{name}</th>
                <td>
                  <span className="flex items-center gap-2">
                    <span aria-hidden className="h-2 flex-1 overflow-hidden rounded-sm bg-sunken">
                      <span
                        className={`block h-full ${p < 0.05 ? 'bg-accent' : 'bg-line-strong'}`}
                        style={{ width: `${strength * 100}%` }}
                      />
                    </span>
                    {formatDecimal(strength, 2)}
                  </span>
                </td>
                <td className="pl-3 text-ink-soft">
                  {direction === null ? 'by value' : direction > 0 ? 'more is better' : 'less is better'}
                </td>
                <td className="text-right">
                  {p < 0.05 ? formatDecimal(p, 3) : `${formatDecimal(p, 2)} (may be luck)`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
