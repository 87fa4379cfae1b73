import type { FineTuningMethod } from '../ports/method.ts';
import type { PluginBase } from './plugin.ts';

/** A fine-tuning method as a plugin. Its `method.name` equals the id; `method.parseSettings` is what parses settings. */
export interface FineTuningMethodPlugin<Config = unknown> extends PluginBase<'fine-tuning-method', Config> {
  method: FineTuningMethod;
}
