import { setImmediate as breathe } from 'node:timers/promises';
import {
  type Candidate,
  type GateLatency,
  type GateReport,
  type JudgedQuery,
  type RankingProfile,
  StudioError,
} from '@embedding-studio/contracts';
import { type AnchorMeasurement, crossFit, type FusionQuery, measureAnchor } from '@embedding-studio/ml/ranking';
import { decideGate, type GateQuery } from '../../evaluation/index.ts';
import { type ClickedItems, segmentQuery } from '../../evaluation/segment-queries.ts';
import { joinLegs } from './join-legs.ts';
import type { VectorSide } from './vector-side.ts';

export interface RankedSide {
  vectors: VectorSide;
  /** One per judged query. */
  queries: readonly Float32Array[];
  /** Of encoding a query, beside that of what is live; null or absent: not measured. */
  latency?: GateLatency | null;
}

export interface Comparison {
  judged: readonly JudgedQuery[];
  /** One list per judged query, best first. */
  lexical: readonly (readonly Candidate[])[];
  base: RankedSide;
  candidate: RankedSide;
  /** Where both fits start. */
  profile: RankingProfile;
  clicked: ClickedItems;
  /** Categories that a query is about. */
  categoriesOf?: (query: JudgedQuery) => readonly string[];
  seed: number;
}

const anchorTexts = 400;

/** Ranks every held-out query by both sides, each with weights fitted without that query, and lets the gate decide. */
export async function compareSides(
  input: Comparison,
): Promise<{ report: GateReport; profile: RankingProfile; queries: GateQuery[] }> {
  const { judged, profile, seed } = input;
  const before = crossFit({ queries: await joinSide(input, input.base), base: profile, seed });
  await breathe();
  const after = crossFit({ queries: await joinSide(input, input.candidate), base: profile, seed });
  const queries = judged.map((query, index): GateQuery => {
    const scores = { before: before.scores[index]?.metrics, after: after.scores[index]?.metrics };
    if (scores.before === undefined || scores.after === undefined)
      throw new StudioError('INTERNAL', `Query ${query.queryId} was not ranked.`);
    const { queryId, text } = query;
    const { isUnseen, segments } = segmentQuery(query, input.clicked);
    const categories = (input.categoriesOf?.(query) ?? []).map((name) => `category: ${name}`);
    const all = [...segments, isUnseen ? 'new items' : 'known items', ...categories];
    return { queryId, text, before: scores.before, after: scores.after, isUnseen, segments: all };
  });
  const anchor = measureAnchorTexts(input);
  const { latency } = input.candidate;
  return { report: decideGate({ queries, anchor, latency, seed }), profile: after.profile, queries };
}

/** Every judged query with the best candidates of both legs and the scores of each. */
export async function joinSide(
  input: Pick<Comparison, 'judged' | 'lexical'>,
  side: RankedSide,
): Promise<FusionQuery[]> {
  const joined: FusionQuery[] = [];
  for (const [index, judged] of input.judged.entries()) {
    const query = side.queries[index];
    if (query === undefined) throw new StudioError('INTERNAL', `Query ${judged.queryId} has no vector.`);
    joined.push({ judged, candidates: joinLegs({ side: side.vectors, query, lexical: input.lexical[index] ?? [] }) });
    await breathe();
  }
  return joined;
}

/** The first parts of evenly spread items that both sides hold. */
function measureAnchorTexts({ base, candidate }: Comparison): AnchorMeasurement | null {
  const first = firstParts(candidate.vectors);
  const shared = [...firstParts(base.vectors)].filter(([itemId]) => first.has(itemId));
  const step = Math.max(1, Math.floor(shared.length / anchorTexts));
  const chosen = shared.filter((_, index) => index % step === 0).slice(0, anchorTexts);
  if (chosen.length < 2) return null;
  return measureAnchor({
    before: chosen.map(([, vector]) => vector),
    after: chosen.map(([itemId]) => first.get(itemId) ?? new Float32Array(0)),
  });
}

function firstParts(side: VectorSide): Map<string, Float32Array> {
  const vectors = new Map<string, Float32Array>();
  side.ownerOf.forEach((owner, part) => {
    const itemId = side.itemIds[owner] ?? '';
    if (!vectors.has(itemId)) vectors.set(itemId, side.values.subarray(part * side.dims, (part + 1) * side.dims));
  });
  return vectors;
}
