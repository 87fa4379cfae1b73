import { ExperimentDefinition } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';
import { definitionOf, faultAt } from '../src/experiments/definition-of';
import { describeTreatment } from '../src/experiments/describe-treatment';
import { draftOf, emptyDraft, emptyTreatment } from '../src/experiments/experiment-draft';

const canary = ExperimentDefinition.parse({
  name: 'New model',
  kind: 'canary',
  layerShare: 0.07,
  arms: [
    { name: 'control' },
    {
      name: 'new',
      treatment: { collectionId: 'col_1', vectorWeight: 0.55, improvement: false, rankers: [], titleWeight: 0 },
    },
  ],
  targeting: { country: ['de', 'at'] },
  secondaryMetrics: ['mrr'],
  guardrails: [{ metric: 'conversion', lossMax: 0.03 }],
  canary: { steps: [0.01, 0.1], minutesPerStep: 5, unitsPerStep: 20 },
});

describe('the fields of an experiment', () => {
  it('make the definition again that they were filled from', () => {
    expect(definitionOf(draftOf(canary)).definition).toEqual(canary);
  });

  it('leave out what an arm does not do otherwise, and keep an empty list of rankers', () => {
    const arms = [
      emptyDraft.arms[0],
      { line: 2, name: 'new', weight: '1', treatment: { ...emptyTreatment, rankers: [] } },
    ];
    const { definition } = definitionOf({ ...emptyDraft, name: 'x', arms: arms.filter((arm) => arm !== undefined) });
    expect(definition?.arms.map(({ treatment }) => treatment)).toEqual([{}, { rankers: [] }]);
  });

  it('say what is wrong at the field that is', () => {
    const [control, fresh] = emptyDraft.arms;
    const arms = [control, fresh && { ...fresh, name: 'Not like that', weight: 'much' }].filter((arm) => !!arm);
    const { faults } = definitionOf({ ...emptyDraft, name: ' ', traffic: '120', arms });
    expect([...(faults?.keys() ?? [])].sort()).toEqual(['arms.1.name', 'arms.1.weight', 'name', 'traffic']);
    expect(faultAt(faults ?? new Map(), 'arms')).toContain('lower-case');
  });

  it('of a shadow ask for no comparison of clicks', () => {
    const { definition } = definitionOf({ ...emptyDraft, name: 'x', kind: 'shadow', secondaryMetrics: ['mrr'] });
    expect(definition).toMatchObject({ secondaryMetrics: [], guardrails: [] });
  });
});

describe('the words of a treatment', () => {
  it('name only what is given', () => {
    const treatment = canary.arms[1]?.treatment ?? {};
    expect(describeTreatment(treatment, (id) => `model of ${id}`)).toEqual([
      'model of col_1',
      '55 % meaning',
      'title ×0',
      'without what clicks taught',
      'no rankers',
    ]);
    expect(describeTreatment({}, String)).toEqual([]);
  });
});
