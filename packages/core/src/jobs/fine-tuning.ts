export { runFineTuning } from '../fine-tuning/run-fine-tuning.ts';
