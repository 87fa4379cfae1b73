import { type AgreementSums, toStudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

const none: AgreementSums = { searches: 0, jaccard: 0, rbo: 0, sameTop: 0, failed: 0, skipped: 0, tookMs: 0 };

/** Beside the search: a store that is away loses the count, never the answer. */
export function countAnswer(ctx: Ctx, experimentId: string, sums: Partial<AgreementSums>): void {
  ctx.deps.experiments.addAgreement(experimentId, { ...none, ...sums }).catch((error: unknown) => {
    ctx.deps.log.warn({ experimentId, code: toStudioError(error).code }, 'an answer of an experiment was not counted');
  });
}
