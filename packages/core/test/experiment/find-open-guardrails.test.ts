import { expect, it } from 'vitest';
import { findOpenGuardrails } from '../../src/experiment/decide/find-open-guardrails.ts';
import { computeReadout } from '../../src/experiment/readout/compute-readout.ts';
import { makeUnits, toInputs } from './readout-world.ts';

const fine = makeUnits(150, { rate: 0.5, seed: 3 });
const bit = makeUnits(150, { rate: 0.46, seed: 5 });
const open = (arms: Parameters<typeof toInputs>[0], unitsMin = 50) => {
  const inputs = toInputs(arms, { kind: 'canary', unitsMin, guardrails: [{ metric: 'ctr@10', lossMax: 0.05 }] });
  const readout = computeReadout(inputs);
  return { verdict: readout.verdict, words: findOpenGuardrails(readout, inputs.definition) };
};

it('a loss beyond what is allowed keeps a canary from shipping before it is shown beyond doubt', () => {
  const { verdict, words } = open([fine, bit]);
  expect(verdict).not.toBe('rollback');
  expect(words).toEqual([expect.stringMatching(/^CTR@10 changes by −.*at most 5 % worse is allowed$/)]);
});

it('neither the same arm nor a better one is kept waiting', () => {
  expect(open([fine, fine]).words).toEqual([]);
  expect(open([bit, fine]).words).toEqual([]);
});

it('too few units keep it waiting', () => {
  expect(open([fine, fine], 200).words).toEqual([expect.stringMatching(/^CTR@10: Each arm needs 200 units/)]);
});
