import type { LossSpec } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import type { BatchInputs } from '../../src/trainer/batch-tensors.ts';
import {
  anchorInputs,
  coSentInputs,
  gradedInputs,
  infoNceInputs,
  marginInputs,
  teacherInputs,
} from '../../src/trainer/losses/loss-inputs.ts';
import { type LossCase, lossError, readLossCases } from './loss-vectors.ts';
import { runHead } from './run-loss-head.ts';

/** One term is seen alone by the side of a contrastive loss that weighs nothing. */
const nothing = (items: number) => infoNceInputs([{ query: 0, positive: 0, weight: 0, masked: [] }], items);
const beside = { kind: 'contrastive', negativesPerQuery: 0 } as const;

async function compare<Settings, Inputs>(
  one: LossCase<Settings, Inputs>,
  { loss, inputs }: { loss: LossSpec; inputs: BatchInputs },
): Promise<void> {
  const { expected } = one;
  const got = await runHead(loss, { query: one.queries, item: one.items }, inputs);
  expect(lossError([got.loss], [[expected.loss]])).toBeLessThan(1);
  expect(lossError(got.queries, expected.queryGradients)).toBeLessThan(1);
  expect(lossError(got.items, expected.itemGradients)).toBeLessThan(1);
}

const named = <Kind extends Parameters<typeof readLossCases>[0]>(kind: Kind) =>
  readLossCases(kind).map((one) => [one.name, one] as const);

test.each(named('margin'))('%s', async (_, one) => {
  const loss: LossSpec = { kind: 'margin', negativesPerQuery: 1, ...one.settings };
  await compare(one, { loss, inputs: marginInputs(one.inputs.pairs) });
});

test.each(named('infoNce'))('%s', async (_, one) => {
  const inputs = infoNceInputs(one.inputs.examples, one.items.length);
  await compare(one, { loss: { ...beside, ...one.settings }, inputs });
});

test.each(named('matryoshkaInfoNce'))('%s', async (_, one) => {
  const { temperature, dims } = one.settings;
  const inputs = infoNceInputs(one.inputs.examples, one.items.length);
  await compare(one, { loss: { ...beside, temperature, matryoshkaDims: dims }, inputs });
});

test.each(named('coSent'))('%s, alone and beside another loss', async (_, one) => {
  const inputs = coSentInputs(one.inputs.lists);
  await compare(one, { loss: { kind: 'coSent', negativesPerQuery: 1, ...one.settings }, inputs });
  const joined = { ...inputs, ...nothing(one.items.length) };
  await compare(one, { loss: { ...beside, ...one.settings, coSent: 1 }, inputs: joined });
});

test.each(named('gradedKl'))('%s, alone and beside another loss', async (_, one) => {
  const { temperature, targetTemperature } = one.settings;
  const inputs = gradedInputs(one.inputs.lists, { items: one.items.length, targetTemperature });
  await compare(one, { loss: { kind: 'gradedKl', temperature, negativesPerQuery: 1 }, inputs });
  const joined = { ...inputs, ...nothing(one.items.length) };
  await compare(one, { loss: { ...beside, temperature, gradedKl: 1 }, inputs: joined });
});

test.each(named('distillation'))('%s', async (_, one) => {
  const { temperature } = one.settings;
  const inputs = {
    ...teacherInputs(one.inputs.rows, { items: one.items.length, temperature }),
    ...nothing(one.items.length),
  };
  await compare(one, { loss: { ...beside, temperature, distill: 1 }, inputs });
});

test.each(named('anchor'))('%s', async (_, one) => {
  const inputs = { ...anchorInputs(one.inputs.anchors), ...nothing(one.items.length) };
  await compare(one, { loss: { ...beside, temperature: 1, anchor: 1 }, inputs });
});

test('lists that say nothing about an order cost nothing and move nothing', async () => {
  const lists = [{ query: 0, weight: 1, graded: [{ item: 1, grade: 2 }] }];
  const rows = {
    query: [
      [1, 0],
      [0, 1],
    ],
    item: [
      [0.6, 0.8],
      [0.8, 0.6],
    ],
  };
  const got = await runHead({ kind: 'coSent', temperature: 0.1, negativesPerQuery: 1 }, rows, coSentInputs(lists));
  expect(got.loss).toBeCloseTo(0, 6);
  expect([...got.items].every((value) => value === 0)).toBe(true);
});
