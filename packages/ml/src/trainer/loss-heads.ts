import type { LossSpec } from '@embedding-studio/contracts';
import { GraphBuilder, type OnnxNode, type OnnxTensor, type OnnxValueInfo } from '../onnx/index.ts';
import { anchorCosine } from './losses/anchor-cosine.ts';
import { coSent } from './losses/co-sent.ts';
import { cutVectors } from './losses/cut-vectors.ts';
import { infoNce } from './losses/info-nce.ts';
import type { LossTerm, TowerEmbeddings } from './losses/loss-parts.ts';
import { activePairsValue, countActive, marginPairs } from './losses/margin-pairs.ts';
import { targetKl } from './losses/target-kl.ts';

export { maskedLogit, type TowerEmbeddings } from './losses/loss-parts.ts';
export { activePairsValue } from './losses/margin-pairs.ts';

export const lossValue = 'loss';

export interface LossHead {
  nodes: OnnxNode[];
  initializers: OnnxTensor[];
  inputs: OnnxValueInfo[];
  /** Scalars kept besides the loss. */
  outputs: string[];
}

/**
 * The loss as a graph over both towers' rows; rows are chosen by index, so each distinct text is encoded once.
 * Summed over the prefixes of a Matryoshka loss, save what compares with the base model, which knows no prefixes.
 */
export function createLossHead(loss: LossSpec, towers: TowerEmbeddings): LossHead {
  const g = new GraphBuilder('loss:');
  const cuts = loss.matryoshkaDims?.length ? loss.matryoshkaDims.map((dims) => cutVectors(g, towers, dims)) : [towers];
  const terms = [...cuts.flatMap((cut) => clickTerms(g, loss, cut)), ...baseTerms(g, loss, towers)];
  const values = terms.map(({ value }) => value);
  g.op('Sum', values, { output: lossValue });
  const missing = terms.findLast((term) => 'missing' in term)?.missing;
  if (missing !== undefined) countActive(g, missing);
  const inputs = new Map(terms.flatMap((term) => term.inputs).map((input) => [input.name, input]));
  return {
    nodes: g.nodes,
    initializers: g.initializers,
    inputs: [...inputs.values()],
    outputs: missing === undefined ? [] : [activePairsValue],
  };
}

export const isOn = (coefficient: number | undefined): coefficient is number =>
  coefficient !== undefined && coefficient > 0;

type Term = LossTerm & { missing?: string };

function clickTerms(g: GraphBuilder, loss: LossSpec, towers: TowerEmbeddings): Term[] {
  const terms: Term[] = [];
  if (loss.kind === 'contrastive') terms.push(infoNce(g, loss, towers));
  if (loss.kind === 'margin') terms.push(marginPairs(g, loss, towers));
  if (loss.kind === 'coSent' || isOn(loss.coSent)) terms.push(coSent(g, loss, towers));
  if (loss.kind === 'gradedKl' || isOn(loss.gradedKl)) terms.push(targetKl(g, { ...loss, name: 'graded' }, towers));
  return terms;
}

function baseTerms(g: GraphBuilder, loss: LossSpec, towers: TowerEmbeddings): Term[] {
  const terms: Term[] = [];
  if (isOn(loss.distill)) terms.push(targetKl(g, { ...loss, name: 'teacher' }, towers));
  if (isOn(loss.anchor)) terms.push(anchorCosine(g, towers));
  return terms;
}
