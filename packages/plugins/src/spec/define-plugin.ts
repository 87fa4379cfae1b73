import type {
  FineTuningMethodPlugin,
  ImageProcessor,
  Loader,
  QueryProcessor,
  Ranker,
  Splitter,
  TextProcessor,
  VectorAdjuster,
} from '@embedding-studio/contracts';

/*
 * One function per kind: they return what they are given and exist so that `config` types the methods of the plugin.
 */
export const defineLoader = <Config>(plugin: Loader<Config>): Loader<Config> => plugin;
export const defineTextProcessor = <Config>(plugin: TextProcessor<Config>): TextProcessor<Config> => plugin;
export const defineImageProcessor = <Config>(plugin: ImageProcessor<Config>): ImageProcessor<Config> => plugin;
export const defineSplitter = <Config>(plugin: Splitter<Config>): Splitter<Config> => plugin;
export const defineMethod = <Config>(plugin: FineTuningMethodPlugin<Config>): FineTuningMethodPlugin<Config> => plugin;
export const defineVectorAdjuster = <Config>(plugin: VectorAdjuster<Config>): VectorAdjuster<Config> => plugin;
export const defineQueryProcessor = <Config>(plugin: QueryProcessor<Config>): QueryProcessor<Config> => plugin;
export const defineRanker = <Config>(plugin: Ranker<Config>): Ranker<Config> => plugin;
