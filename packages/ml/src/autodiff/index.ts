export {
  type DifferentiateOptions,
  differentiate,
  type SparseGradient,
  type TrainingGraph,
} from './differentiate.ts';
export { fusePatterns } from './fuse-patterns.ts';
export { pruneGraph, sortNodes } from './graph-values.ts';
export { prepareModel } from './prepare-model.ts';
export { type ProbedValue, probeShapes } from './probe-shapes.ts';
export { readGradients } from './read-gradients.ts';
export { requireTrainable } from './require-trainable.ts';
export { listDifferentiableOperators } from './rules/index.ts';
export { type Feeds, type RuntimeOptions, withSession } from './runtime-session.ts';
export {
  type DirectionCheck,
  type GradientCheck,
  type SelfCheckOptions,
  selfCheckGradients,
} from './self-check-gradients.ts';
export { inlineConstants, untieInitializers } from './stored-values.ts';
export { upgradeOpset } from './upgrade-opset.ts';
