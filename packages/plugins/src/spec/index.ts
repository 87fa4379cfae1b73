/**
 * What a plugin is. A plugin is an object of plain values and a few functions; it says what it is (`id`, `kind`,
 * `version`), what its config looks like (a zod object schema) and what it needs. It is found at the start of a process:
 * built in, in the plugin folder, or in an installed package. `apiVersion` is the literal of this contract; a later
 * contract has its own.
 *
 * Kinds: `loader` reads a source · `text-processor`, `image-processor` and `splitter` make it ready to embed ·
 * `fine-tuning-method` turns sessions into training · `vector-adjuster` moves vectors by clicks · `query-processor`
 * rewrites queries · `ranker` orders hits.
 *
 * Every plugin throws `StudioError('INPUT_INVALID', …, { field })` for what its caller did wrong; anything else that it
 * throws is its own fault, is logged, and the work goes on without it.
 */
export type {
  AdjustmentEvidence,
  AdjustmentInput,
  AnyPlugin,
  CoClicks,
  ColumnType,
  FineTuningMethod,
  FineTuningMethodPlugin,
  ImageProcessor,
  InferredColumn,
  Loader,
  LoaderPreview,
  LoaderStep,
  LossSpec,
  MaybePromise,
  PluginBase,
  PluginCall,
  PluginKind,
  PluginListing,
  PluginNeed,
  PluginOf,
  PluginSource,
  ProcessedQuery,
  QueryContext,
  QueryExpansion,
  QueryProcessor,
  QueryText,
  RankedHit,
  Ranker,
  RankerHit,
  RankInput,
  RelatedQuery,
  RgbImage,
  SessionWithEvents,
  SimilarWord,
  SourceRecord,
  SourceRow,
  Splitter,
  TextProcessor,
  TrainablePart,
  TrainingQuery,
  TrainingSettings,
  VectorAdjuster,
  Vocabulary,
} from '@embedding-studio/contracts';
export {
  pluginApiVersion,
  pluginIdPattern,
  pluginKinds,
  pluginNeeds,
  pluginVersionPattern,
  StudioError,
} from '@embedding-studio/contracts';
export {
  defineImageProcessor,
  defineLoader,
  defineMethod,
  defineQueryProcessor,
  defineRanker,
  defineSplitter,
  defineTextProcessor,
  defineVectorAdjuster,
} from './define-plugin.ts';
