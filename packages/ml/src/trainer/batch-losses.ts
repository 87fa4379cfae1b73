import type { LossSpec } from '@embedding-studio/contracts';
import type { BaseRows } from './base-teacher.ts';
import type { Visit } from './batch-plan.ts';
import type { BatchInputs } from './graph-input.ts';
import { isOn } from './loss-heads.ts';
import {
  anchorInputs,
  coSentInputs,
  type GradedList,
  gradedInputs,
  infoNceInputs,
  marginInputs,
  teacherInputs,
} from './losses/loss-inputs.ts';

/** Where the texts of one micro-batch stand in the towers. */
export interface BatchRows {
  queryTexts: string[];
  /** Items, then anchor texts that are no item of the batch. */
  itemTexts: string[];
  query(visit: Visit): number;
  item(itemId: string): number;
  /** Rows of this batch that were ever clicked for a query. */
  clickedRows(key: string): number[];
  anchorRows: number[];
  /** Rows that are there for the anchor alone: never negatives. */
  anchorOnly: number[];
}

interface LossParts {
  rows: BatchRows;
  source: { loss: LossSpec; base?: BaseRows };
  /** What makes sums means: by click weight, by queries of the step, by micro-batches of the step. */
  scales: { click: number; query: number; batch: number };
}

/** Everything the loss reads besides the rows of the towers. */
export function lossInputs(visits: readonly Visit[], parts: LossParts): BatchInputs {
  const { loss } = parts.source;
  const items = parts.rows.itemTexts.length;
  return {
    ...(loss.kind === 'contrastive' && infoNceInputs(listExamples(visits, parts), items)),
    ...(loss.kind === 'margin' && marginInputs(listPairs(visits, parts))),
    ...listInputs(visits, parts),
    ...(isOn(loss.distill) && teacherOf(visits, parts, loss.distill)),
    ...(isOn(loss.anchor) && anchorOf(parts, loss.anchor)),
  };
}

function listExamples(visits: readonly Visit[], { rows, source, scales }: LossParts) {
  return visits.map((visit) => {
    const [click] = visit.positives;
    const positive = rows.item(click?.itemId ?? '');
    const query = rows.query(visit);
    const masked = [...rows.clickedRows(visit.key), ...rows.anchorOnly].filter((row) => row !== positive);
    const known = new Set([positive, ...masked, ...visit.negatives.map(rows.item)]);
    const guided = source.loss.guide ? findGuided({ rows, base: source.base, query, positive, known }) : [];
    return { query, positive, weight: (click?.weight ?? 0) * scales.click, masked: [...masked, ...guided] };
  });
}

/** Rows of other queries' items that the base model finds nearer to the query than what was clicked. */
function findGuided(at: {
  rows: BatchRows;
  base: BaseRows | undefined;
  query: number;
  positive: number;
  known: ReadonlySet<number>;
}): number[] {
  const { rows, base, known } = at;
  if (base === undefined) return [];
  const scores = base.scores(rows.queryTexts[at.query] ?? '', rows.itemTexts);
  const least = scores[at.positive] ?? 0;
  return scores.flatMap((score, row) => (score > least && !known.has(row) ? [row] : []));
}

function listPairs(visits: readonly Visit[], { rows, scales }: LossParts) {
  return visits.flatMap((visit) =>
    visit.positives.flatMap((positive) =>
      visit.negatives.map((negative) => ({
        query: rows.query(visit),
        positive: rows.item(positive.itemId),
        negative: rows.item(negative),
        weight: (positive.weight * scales.query) / (visit.positives.length * visit.negatives.length),
      })),
    ),
  );
}

function listInputs(visits: readonly Visit[], { rows, source, scales }: LossParts): BatchInputs {
  const { loss } = source;
  const items = rows.itemTexts.length;
  const shareOf = (kind: 'coSent' | 'gradedKl') => (loss[kind] ?? 0) + (loss.kind === kind ? 1 : 0);
  const lists = (share: number) => visits.map((visit) => gradeVisit(visit, rows, share * scales.query));
  const [coSent, gradedKl] = [shareOf('coSent'), shareOf('gradedKl')];
  return {
    ...(coSent > 0 && coSentInputs(lists(coSent))),
    ...(gradedKl > 0 && gradedInputs(lists(gradedKl), { items, targetTemperature: loss.targetTemperature ?? 1 })),
  };
}

/** Items of one text are one row: the better grade stands. */
function gradeVisit(visit: Visit, rows: BatchRows, weight: number): GradedList {
  const grades = new Map<number, number>(visit.negatives.map((itemId) => [rows.item(itemId), 0]));
  for (const { itemId, weight: grade } of [...visit.positives, ...visit.others]) {
    const row = rows.item(itemId);
    grades.set(row, Math.max(grade, grades.get(row) ?? 0));
  }
  return { query: rows.query(visit), weight, graded: [...grades].map(([item, grade]) => ({ item, grade })) };
}

function teacherOf(visits: readonly Visit[], { rows, source, scales }: LossParts, share: number): BatchInputs {
  const taught = visits.map((visit) => ({
    query: rows.query(visit),
    weight: share * scales.query,
    teacher: source.base?.scores(visit.text, rows.itemTexts) ?? [],
  }));
  return teacherInputs(taught, { items: rows.itemTexts.length, temperature: source.loss.temperature });
}

function anchorOf({ rows, source, scales }: LossParts, share: number): BatchInputs {
  const anchors = rows.anchorRows.map((item) => ({
    item,
    weight: (share * scales.batch) / rows.anchorRows.length,
    target: source.base?.item(rows.itemTexts[item] ?? '') ?? [],
  }));
  return anchorInputs(anchors);
}
