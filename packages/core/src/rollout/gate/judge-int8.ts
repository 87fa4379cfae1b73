import type { GateReport, ModelRecord, Rollout } from '@embedding-studio/contracts';
import type { Ctx } from '../../context.ts';
import { makeInt8Variant, notMade } from '../make-int8-variant.ts';
import type { OpenTrial } from './open-trial.ts';

/**
 * The report with what became of the int8 variant. It is made for models that are let through, over the items and
 * queries that the gate has just asked, and says how the model is served; it takes no part in the decision.
 */
export async function judgeInt8(
  ctx: Ctx,
  gate: { report: GateReport; rollout: Rollout; model: ModelRecord; trial: OpenTrial },
): Promise<GateReport> {
  const { report, rollout, model, trial } = gate;
  if (report.decision === 'rejected') return { ...report, int8: notMade('the model is rejected') };
  if (rollout.movesQueries === true)
    return { ...report, int8: notMade('queries are moved where they are searched, so no new model is loaded') };
  const int8 = await makeInt8Variant(ctx, { model, openTrial: async () => trial });
  if (int8.speedup === null) return { ...report, int8 };
  const reason = `The int8 variant is ${int8.kept ? 'served' : 'not served'}: ${int8.why}`;
  return { ...report, int8, reasons: [...report.reasons, reason] };
}
