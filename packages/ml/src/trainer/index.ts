export { createTrainer, type OnnxTrainer, type TrainerSettings } from './create-trainer.ts';
export { findLayerWeights, type LayerWeight } from './find-layer-weights.ts';
export { type LoadedModel, loadModelFolder } from './model-folder.ts';
export type { TrainerProgress, TrainerReport } from './training-job.ts';
