import { compareRanks } from '@embedding-studio/ml/ranking';
import type { CoreDeps, Ctx } from '../context.ts';
import type { Ranking } from '../search/rank-search.ts';
import { type PlannedAsking, rankTreated } from './rank-planned.ts';
import { countAnswer } from './record-agreement.ts';

/** Shadow answers that one process computes at a time; further ones are left out and counted. */
const underWayMax = 4;
const deadlineMs = 5_000;
const depth = 10;

const underWay = new WeakMap<CoreDeps['experiments'], number>();

/** Computes what the shadow arm would have shown, behind the answer, and notes how alike both are. Never throws. */
export async function runShadow(ctx: Ctx, asked: PlannedAsking, shown: Ranking): Promise<void> {
  const { shadow } = asked.plan;
  const { experiments, clock } = ctx.deps;
  if (shadow === null || asked.page.offset > 0) return;
  const { id } = shadow.experiment;
  const count = underWay.get(experiments) ?? 0;
  if (count >= underWayMax) return countAnswer(ctx, id, { skipped: 1 });
  underWay.set(experiments, count + 1);
  const startedAt = clock.now().getTime();
  try {
    const own: Ctx = { ...ctx, signal: AbortSignal.timeout(deadlineMs) };
    const { placed } = await rankTreated(own, { ...asked, treatment: shadow.treatment });
    const visible = topOf(shown);
    const hidden = placed.items.slice(0, depth).map(({ itemId }) => itemId);
    const { jaccard, rbo } = compareRanks(visible, hidden);
    const tookMs = clock.now().getTime() - startedAt;
    countAnswer(ctx, id, { searches: 1, jaccard, rbo, sameTop: Number(visible[0] === hidden[0]), tookMs });
  } catch {
    countAnswer(ctx, id, { failed: 1 });
  } finally {
    underWay.set(experiments, (underWay.get(experiments) ?? 1) - 1);
  }
}

const topOf = ({ placed }: Ranking): string[] => placed.items.slice(0, depth).map(({ itemId }) => itemId);
