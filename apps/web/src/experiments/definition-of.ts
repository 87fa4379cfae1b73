import { ExperimentDefinition } from '@embedding-studio/contracts';
import type { ExperimentDraft, TreatmentDraft } from './experiment-draft';

/** A number where the text is one, nothing where it is empty; else the text, for the schema to refuse by its field. */
function numberOf(text: string): number | string | undefined {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : text;
}

function shareOf(text: string): number | string | undefined {
  const value = numberOf(text);
  return typeof value === 'number' ? Number((value / 100).toPrecision(12)) : value;
}

const wordsOf = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
const switchOf = (text: string): boolean | undefined => (text === '' ? undefined : text === 'on');

/** Only what is given: an absent field stays as the collection has it. */
function treatmentOf(draft: TreatmentDraft): object {
  const { collectionId, retriever, lexicalNorm, cosineNorm } = draft;
  const fields = {
    ...{ collectionId, retriever, lexicalNorm, cosineNorm },
    vectorWeight: shareOf(draft.vectorWeight),
    titleWeight: numberOf(draft.titleWeight),
    bodyWeight: numberOf(draft.bodyWeight),
    improvement: switchOf(draft.improvement),
    queryAdapter: switchOf(draft.queryAdapter),
    rankers: draft.rankers ?? undefined,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}

function rawOf(draft: ExperimentDraft): object {
  const { name, hypothesis, kind, unit, layer, primaryMetric, analysis, interleaving } = draft;
  const isCompared = kind === 'ab' || kind === 'canary';
  return {
    ...{ name, hypothesis, kind, unit, layer, primaryMetric, analysis, interleaving },
    layerShare: shareOf(draft.layerShare),
    traffic: shareOf(draft.traffic),
    arms: draft.arms.map((arm) => ({
      ...{ name: arm.name.trim(), weight: numberOf(arm.weight), treatment: treatmentOf(arm.treatment) },
    })),
    targeting: Object.fromEntries(draft.targeting.map((line) => [line.name.trim(), wordsOf(line.values)])),
    secondaryMetrics: isCompared ? draft.secondaryMetrics : [],
    guardrails: isCompared
      ? draft.guardrails.map(({ metric, lossMax }) => ({ metric, lossMax: shareOf(lossMax) }))
      : [],
    alpha: shareOf(draft.alpha),
    unitsExpected: numberOf(draft.unitsExpected),
    unitsMin: numberOf(draft.unitsMin),
    ...(kind === 'canary' && {
      canary: {
        steps: wordsOf(draft.steps).map(shareOf),
        minutesPerStep: numberOf(draft.minutesPerStep),
        unitsPerStep: numberOf(draft.unitsPerStep),
      },
    }),
  };
}

export type Faults = ReadonlyMap<string, string>;

export type Parsed = { definition: ExperimentDefinition; faults: null } | { definition: null; faults: Faults };

/** The definition that the fields make, or what is wrong with them, by dotted path. */
export function definitionOf(draft: ExperimentDraft): Parsed {
  const parsed = ExperimentDefinition.safeParse(rawOf(draft));
  if (parsed.success) return { definition: parsed.data, faults: null };
  const faults = new Map<string, string>();
  for (const { path, message } of parsed.error.issues) {
    const field = path.map(String).join('.');
    if (!faults.has(field)) faults.set(field, message);
  }
  return { definition: null, faults };
}

/** What is wrong with this field or with anything inside it. */
export function faultAt(faults: Faults, field: string): string | undefined {
  const exact = faults.get(field);
  if (exact !== undefined) return exact;
  for (const [path, words] of faults) if (path.startsWith(`${field}.`)) return words;
  return undefined;
}
