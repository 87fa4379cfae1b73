import type { ImageProcessor, Splitter, TextProcessor } from './content-plugins.ts';
import type { Loader } from './loader.ts';
import type { FineTuningMethodPlugin } from './method-plugin.ts';
import type { QueryProcessor } from './query-processor.ts';
import type { Ranker } from './ranker.ts';
import type { VectorAdjuster } from './vector-adjuster.ts';

export * from './content-plugins.ts';
export * from './loader.ts';
export * from './method-plugin.ts';
export * from './plugin.ts';
export * from './plugin-listing.ts';
export * from './query-processor.ts';
export * from './ranker.ts';
export * from './search-plugins.ts';
export * from './vector-adjuster.ts';

/** The plugin type of each kind. */
export interface PluginOf {
  loader: Loader;
  'text-processor': TextProcessor;
  'image-processor': ImageProcessor;
  splitter: Splitter;
  'fine-tuning-method': FineTuningMethodPlugin;
  'vector-adjuster': VectorAdjuster;
  'query-processor': QueryProcessor;
  ranker: Ranker;
}
export type AnyPlugin = PluginOf[keyof PluginOf];
