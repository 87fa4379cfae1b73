import { formatDecimal } from '@/ui/format-number';
import type { ComparedHit } from './compared';

export interface ScoreBarProps {
  hit: ComparedHit;
  /** The best score of the column: the full width. */
  scale: number;
}

/** The two parts of a score as one bar: meaning, then words. */
export function ScoreBar({ hit: { score, explain }, scale }: ScoreBarProps) {
  if (score === null || explain === undefined) return null;
  const share = (part: number) => `${Math.max(0, Math.min(1, part / (scale || 1))) * 100}%`;
  return (
    <div className="flex items-center gap-2">
      <div
        className="flex h-1 flex-1 overflow-hidden rounded-full bg-sunken"
        title={`meaning ${formatDecimal(explain.vectorPart)} + words ${formatDecimal(explain.lexicalPart)}`}
      >
        <div className="bg-series-1" style={{ width: share(explain.vectorPart) }} />
        <div className="bg-series-2" style={{ width: share(explain.lexicalPart) }} />
      </div>
      <span className="nums text-2xs text-ink-faint">{formatDecimal(score)}</span>
    </div>
  );
}
