import type { MetricPoint } from '@embedding-studio/contracts';
import type { Collection } from 'mongodb';
import { writePoints } from './metric-store.ts';
import type { TrackerParts } from './tracker-documents.ts';

export interface OldPoint extends MetricPoint {
  _id: string;
  runId: string;
}

/** Points were documents of their own once. Safe to repeat and to cut short: moved again, they replace themselves. */
export async function moveOldPoints(parts: TrackerParts, old: Collection<OldPoint>): Promise<void> {
  for (;;) {
    const first = await old.findOne({});
    if (first === null) return;
    const { runId } = first;
    const points = await old.find({ runId }).sort({ step: 1 }).toArray();
    await writePoints(parts, runId, points);
    await old.deleteMany({ runId });
  }
}
