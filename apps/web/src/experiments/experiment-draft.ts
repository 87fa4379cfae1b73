import type { ArmTreatment, ExperimentDefinition, ExperimentKind } from '@embedding-studio/contracts';

/** What the fields of a treatment hold; empty: as the collection has it. */
export interface TreatmentDraft {
  collectionId: string;
  retriever: string;
  /** Per cent. */
  vectorWeight: string;
  lexicalNorm: string;
  cosineNorm: string;
  titleWeight: string;
  bodyWeight: string;
  /** `on`, `off` or empty. */
  improvement: string;
  queryAdapter: string;
  /** null: as the collection has it. */
  rankers: string[] | null;
}

/** A line of a list; the number tells lines apart while they are moved and removed. */
type Line<T> = T & { line: number };

export interface ExperimentDraft {
  name: string;
  hypothesis: string;
  kind: ExperimentKind;
  unit: string;
  layer: string;
  /** Per cent, like traffic, steps, losses and alpha. */
  layerShare: string;
  traffic: string;
  arms: Line<{ name: string; weight: string; treatment: TreatmentDraft }>[];
  targeting: Line<{ name: string; values: string }>[];
  primaryMetric: string;
  secondaryMetrics: string[];
  guardrails: Line<{ metric: string; lossMax: string }>[];
  alpha: string;
  analysis: string;
  unitsExpected: string;
  unitsMin: string;
  steps: string;
  minutesPerStep: string;
  unitsPerStep: string;
  interleaving: string;
}

export const emptyTreatment: TreatmentDraft = {
  collectionId: '',
  retriever: '',
  vectorWeight: '',
  lexicalNorm: '',
  cosineNorm: '',
  titleWeight: '',
  bodyWeight: '',
  improvement: '',
  queryAdapter: '',
  rankers: null,
};

export const emptyDraft: ExperimentDraft = {
  name: '',
  hypothesis: '',
  kind: 'ab',
  unit: 'user',
  layer: 'main',
  layerShare: '100',
  traffic: '100',
  arms: [
    { line: 1, name: 'control', weight: '1', treatment: emptyTreatment },
    { line: 2, name: 'new', weight: '1', treatment: emptyTreatment },
  ],
  targeting: [],
  primaryMetric: 'satisfied-ctr',
  secondaryMetrics: [],
  guardrails: [{ line: 1, metric: 'zero-result-rate', lossMax: '5' }],
  alpha: '5',
  analysis: 'sequential',
  unitsExpected: '5000',
  unitsMin: '100',
  steps: '1, 5, 25, 50',
  minutesPerStep: '60',
  unitsPerStep: '500',
  interleaving: 'team-draft',
};

/** The next free number for a line of this list. */
export function nextLine(lines: readonly { line: number }[]): number {
  return Math.max(0, ...lines.map(({ line }) => line)) + 1;
}

/** .05 → "5", without the dust of binary fractions. */
const percent = (share: number): string => String(Number((share * 100).toPrecision(12)));
const text = (value: number | undefined): string => (value === undefined ? '' : String(value));
const onOff = (value: boolean | undefined): string => (value === undefined ? '' : value ? 'on' : 'off');

/** The fields of a stored definition, to change or to copy it. */
export function draftOf(definition: ExperimentDefinition): ExperimentDraft {
  const { canary, alpha, unitsExpected, unitsMin, layerShare, traffic, targeting } = definition;
  const { name, hypothesis, kind, unit, layer, primaryMetric, secondaryMetrics, analysis, interleaving } = definition;
  return {
    ...{ name, hypothesis, kind, unit, layer, primaryMetric, secondaryMetrics, analysis, interleaving },
    layerShare: percent(layerShare),
    traffic: kind === 'canary' ? emptyDraft.traffic : percent(traffic),
    arms: definition.arms.map((arm, at) => ({
      ...{ line: at + 1, name: arm.name, weight: text(arm.weight), treatment: treatmentDraftOf(arm.treatment) },
    })),
    targeting: Object.entries(targeting).map(([attribute, values], at) => ({
      ...{ line: at + 1, name: attribute, values: values.join(', ') },
    })),
    guardrails: definition.guardrails.map(({ metric, lossMax }, at) => ({
      ...{ line: at + 1, metric, lossMax: percent(lossMax) },
    })),
    ...{ alpha: percent(alpha), unitsExpected: text(unitsExpected), unitsMin: text(unitsMin) },
    steps: canary === undefined ? emptyDraft.steps : canary.steps.map(percent).join(', '),
    minutesPerStep: text(canary?.minutesPerStep) || emptyDraft.minutesPerStep,
    unitsPerStep: text(canary?.unitsPerStep) || emptyDraft.unitsPerStep,
  };
}

function treatmentDraftOf(treatment: ArmTreatment): TreatmentDraft {
  return {
    collectionId: treatment.collectionId ?? '',
    retriever: treatment.retriever ?? '',
    vectorWeight: treatment.vectorWeight === undefined ? '' : percent(treatment.vectorWeight),
    lexicalNorm: treatment.lexicalNorm ?? '',
    cosineNorm: treatment.cosineNorm ?? '',
    titleWeight: text(treatment.titleWeight),
    bodyWeight: text(treatment.bodyWeight),
    improvement: onOff(treatment.improvement),
    queryAdapter: onOff(treatment.queryAdapter),
    rankers: treatment.rankers ?? null,
  };
}
