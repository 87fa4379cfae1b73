import { sessionsToJudgedQueries } from '@embedding-studio/ml/clicks';
import { formatCount } from './gate-numbers.ts';
import { defaultGateRules } from './gate-rules.ts';
import { rankClickedItems, segmentQuery } from './segment-queries.ts';
import type { SessionSplit } from './split-sessions.ts';

/**
 * Why the gate must reject whatever a training finds: it asks for so many held-out queries, and so many about unseen
 * items unless all are. null: there are enough for a verdict.
 */
export function lacksEvidence({ train, heldOut, heldOutUnseen }: SessionSplit): string | null {
  const { queriesMin, unseenQueriesMin } = defaultGateRules;
  const clicked = rankClickedItems(train);
  const { judged } = sessionsToJudgedQueries([...heldOut, ...heldOutUnseen]);
  const unseen = judged.filter((query) => segmentQuery(query, clicked).isUnseen).length;
  if (judged.length < queriesMin)
    return `${formatCount(judged.length)} held-out queries cannot prove a gain: the gate asks for ${queriesMin}`;
  if (unseen === judged.length || unseen >= unseenQueriesMin) return null;
  return `${formatCount(unseen)} held-out queries about unseen items cannot show that those do not lose: the gate asks for ${unseenQueriesMin}`;
}
