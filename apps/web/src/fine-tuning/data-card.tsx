import type { TrainingDataCard } from '@embedding-studio/contracts';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { formatCount, formatDecimal } from '@/ui/format-number';

/** What went into a training, what was left out and why, and that the gate asks nothing training has seen. */
export function DataCard({ card }: { card: TrainingDataCard | null }) {
  if (card === null)
    return (
      <Card title="Data">
        <p className="py-6 text-center text-ink-faint text-xs">
          The data card is written when training begins; earlier trainings have none.
        </p>
      </Card>
    );
  const { sessions, items } = card;
  const dropped = Object.entries(card.dropped).sort((a, b) => b[1] - a[1]);
  return (
    <Card title="Data" hint="What training learned from">
      <dl className="nums grid grid-cols-2 gap-x-6 text-xs sm:grid-cols-3">
        <Fact name="Sessions in" value={sessions.total} />
        <Fact name="For training" value={sessions.train} />
        <Fact name="Held out" value={sessions.heldOut + sessions.heldOutUnseen} />
        <Fact name="Queries" value={card.queries} />
        <Fact name="Query–item pairs" value={card.pairs} />
        <Fact name="Clicked × passed over" value={card.contrasts} />
        {card.effectivePairs !== undefined && (
          <Fact
            name="Effective pairs"
            value={card.effectivePairs.weighed}
            hint={`So many equally weighted pairs tell as much; ${formatCount(card.effectivePairs.satisfaction)} before position bias`}
          />
        )}
        <Fact name="Items seen" value={items.seen} />
        <Fact name="Items only held out" value={items.unseen} />
        <Fact
          name="Queries on both sides"
          value={card.overlap}
          tone={card.overlap === 0 ? 'good' : 'bad'}
          hint={`${nearHint(card)} Training and gate share none: the gate cannot be fooled by memory`}
        />
      </dl>
      <div className="mt-4 grid gap-4 sm:grid-cols-2">
        <section>
          <h3 className="mb-1 text-ink-soft text-xs">Weights of clicks</h3>
          <WeightBars weights={card.weights} />
        </section>
        <section>
          <h3 className="mb-1 text-ink-soft text-xs">Left out, by reason</h3>
          {dropped.length === 0 ? (
            <p className="text-ink-faint text-xs">Nothing was left out.</p>
          ) : (
            <dl className="nums text-xs">
              {dropped.map(([reason, count]) => (
                <div key={reason} className="flex justify-between border-t py-1 first:border-t-0">
                  <dt>{reason.replaceAll('_', ' ')}</dt>
                  <dd>{formatCount(count)}</dd>
                </div>
              ))}
            </dl>
          )}
        </section>
      </div>
      {card.positionBias !== undefined && (
        <p className="mt-4 border-t pt-3 text-xs">
          <span className="text-ink-soft">Position bias</span> {card.positionBias.reason}
        </p>
      )}
    </Card>
  );
}

function nearHint({ nearQueries }: TrainingDataCard): string {
  if (nearQueries?.cosine == null) return 'Near-duplicates by spelling count too.';
  return `Near-duplicates by spelling count too, and those with a cosine above ${nearQueries.cosine}.`;
}

function Fact(props: { name: string; value: number; tone?: 'good' | 'bad'; hint?: string }) {
  const { name, value, tone, hint } = props;
  return (
    <div className="flex justify-between border-t py-1" title={hint}>
      <dt className="text-ink-soft">{name}</dt>
      <dd className={classNames('font-medium', tone === 'good' && 'text-good', tone === 'bad' && 'text-bad')}>
        {formatCount(value)}
      </dd>
    </div>
  );
}

function WeightBars({ weights }: { weights: TrainingDataCard['weights'] }) {
  const most = Math.max(1, ...weights.map(({ count }) => count));
  return (
    <table className="nums w-full text-2xs">
      <caption className="sr-only">How many clicks weigh how much</caption>
      <tbody>
        {weights.map(({ from, to, count }) => (
          <tr key={from}>
            <th className="w-20 pr-2 text-right font-normal text-ink-faint">
              {formatDecimal(from, 2)}–{formatDecimal(to, 2)}
            </th>
            <td>
              <span className="block h-2 rounded-sm bg-series-1" style={{ width: `${(100 * count) / most}%` }} />
            </td>
            <td className="w-12 pl-2 text-right text-ink-soft">{formatCount(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
