import { domainOf, type OnnxNode } from '../../onnx/index.ts';
import type { GradientRule } from '../gradient-rule.ts';
import { activationRules } from './activations.ts';
import { arithmeticRules } from './arithmetic.ts';
import { extremaRules } from './extrema.ts';
import { normalizationRules } from './normalization.ts';
import { partRules } from './parts.ts';
import { pickRules } from './picks.ts';
import { productRules } from './products.ts';
import { reductionRules } from './reductions.ts';
import { shapeRules } from './shapes.ts';
import { softmaxRules } from './softmax.ts';

const rules: ReadonlyMap<string, GradientRule> = new Map(
  [
    activationRules,
    arithmeticRules,
    extremaRules,
    normalizationRules,
    partRules,
    pickRules,
    productRules,
    reductionRules,
    shapeRules,
    softmaxRules,
  ].flatMap((family) => Object.entries(family)),
);

/** Operators whose results carry no gradient: positions, comparisons and whole numbers. */
const withoutGradient = new Set(
  'ArgMax ArgMin And Ceil Equal Floor Greater GreaterOrEqual IsInf IsNaN Less LessOrEqual NonZero Not Or Round Shape Sign Size Xor'.split(
    ' ',
  ),
);

export function findRule(node: OnnxNode): GradientRule | undefined {
  return domainOf(node) === '' ? rules.get(node.opType ?? '') : undefined;
}

export function stopsGradient(node: OnnxNode): boolean {
  return domainOf(node) === '' && withoutGradient.has(node.opType ?? '');
}

/** Standard operators that can be trained through, sorted. */
export function listDifferentiableOperators(): string[] {
  return [...rules.keys()].sort();
}
