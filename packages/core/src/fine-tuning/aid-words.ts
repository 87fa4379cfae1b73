import type { HardNegativeReport, MixingReport } from '@embedding-studio/contracts';

/** What every mix of base and trained weights reaches, and which was taken. */
export function formatMixing({ alpha, isConstraintMet, anchorDropMax, rows, queries, anchors }: MixingReport): string {
  const table = rows.map((row) => `${row.alpha}: ${row.ndcg10.toFixed(4)} / ${row.anchorNdcg10.toFixed(4)}`);
  const why = isConstraintMet
    ? `best of those that lose at most ${anchorDropMax * 100} % on the anchors`
    : `every mix loses more than ${anchorDropMax * 100} % on the anchors; this one loses least`;
  return (
    `Weights mixed with the base model's at ${alpha} (${why}). nDCG@10 by share, ${queries} held-out / ` +
    `${anchors} anchor queries: ${table.join(', ')}.`
  );
}

export function formatReplay({ sessions, batches }: { sessions: readonly unknown[]; batches: number }): string {
  return `${sessions.length} sessions of ${batches} earlier batches train once more.`;
}

const sources: Readonly<Record<HardNegativeReport['source'], string>> = {
  live: 'the live collection',
  sample: 'a sample embedded for this run, as nothing live holds vectors of the base model',
};

export function formatNegatives(report: HardNegativeReport): string {
  const left = Object.entries({
    'too near to be told from a right answer': report.tooNear,
    'clicked for the query': report.clicked,
  }).flatMap(([why, count]) => (count > 0 ? [`${count} ${why}`] : []));
  const queries = [
    ...(report.unplaced > 0 ? [`${report.unplaced} queries have no clicked item with a vector`] : []),
    ...(report.outOfTime > 0 ? [`time was up for ${report.outOfTime} queries`] : []),
  ];
  return [
    `${report.negatives} hard negatives for ${report.withNegatives} of ${report.queries} queries, from ${sources[report.source]}`,
    ...(left.length > 0 ? [`left out: ${left.join(', ')}`] : []),
    ...queries,
  ]
    .join('; ')
    .concat('.');
}
