export { appendAdapter } from './append-adapter.ts';
export { applyAdapterToMany } from './apply-to-many.ts';
export { createAdapterTrainer } from './create-adapter-trainer.ts';
export { applyAdapter, decodeAdapter, encodeAdapter, identityAdapter } from './linear-adapter.ts';
export { openTensorFlow } from './tensorflow.ts';
