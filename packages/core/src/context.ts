import type {
  Actor,
  AdapterTrainer,
  AnalyticsStore,
  ApiKeyStore,
  AuditLog,
  CategoryStore,
  Clock,
  CollectionCheckStore,
  CollectionStore,
  DataSourceStore,
  Encoder,
  ExperimentStore,
  FineTuningMethod,
  ImageEncoder,
  ImprovementStore,
  ItemStore,
  JobLogStore,
  JudgementStore,
  Log,
  ModelServer,
  ModelStore,
  ObjectStore,
  PluginRegistry,
  PolicyStore,
  ProjectPlace,
  QueryKnowledge,
  QueuePort,
  RetentionPolicy,
  RolloutStore,
  SavedViewStore,
  ServiceDirectory,
  SessionStore,
  SuggestionStore,
  TaskSearch,
  TaskStore,
  Telemetry,
  Tracker,
  Trainer,
  UserStore,
  WorkerRegistry,
} from '@embedding-studio/contracts';

export interface CoreSettings {
  /** Whose data this is. */
  place: ProjectPlace;
  /** Longest chunk of text that is embedded as one part. */
  partWordsMax: number;
  /** Parts kept per item; the rest of a long text is found by words only. */
  partsMax: number;
  /** Scratch space for artefacts and checkpoints; may be wiped between jobs. */
  workFolder: string;
  /** Texts per call of the encoder. */
  embedBatch: number;
  /** Share of queries kept out of training to judge the result. */
  heldOutShare: number;
  /** How long a replaced collection stays ready for rollback. */
  standbyHours: number;
  trainingThreads: number;
  /** `auto`: a new model gets an int8 variant, which serves when it proves as good and twice as fast. Default: off. */
  serveInt8?: 'off' | 'auto';
  /** Items per second that one ingest task may write; null: as fast as it can. */
  ingestItemsPerSecond: number | null;
  /** Encrypts the secrets of data sources, 32 characters or more; null: they can only be kept in the settings. */
  secretsKey: string | null;
  /** How long things are kept until an administrator decides otherwise. */
  retention: RetentionPolicy;
  /** Secrets that data sources may refer to by name. */
  sourceSecrets: Record<string, string>;
}

/** Everything a verb may reach, as ports; filled by the composition root of an app. */
export interface CoreDeps {
  items: ItemStore;
  collections: CollectionStore;
  models: ModelStore;
  dataSources: DataSourceStore;
  tasks: TaskStore;
  taskSearch: TaskSearch;
  workers: WorkerRegistry;
  rollouts: RolloutStore;
  jobLogs: JobLogStore;
  sessions: SessionStore;
  analytics: AnalyticsStore;
  improvement: ImprovementStore;
  policies: PolicyStore;
  apiKeys: ApiKeyStore;
  users: UserStore;
  audit: AuditLog;
  suggestions: SuggestionStore;
  categories: CategoryStore;
  savedViews: SavedViewStore;
  judgements: JudgementStore;
  collectionChecks: CollectionCheckStore;
  experiments: ExperimentStore;
  queue: QueuePort;
  encoder: Encoder;
  images: ImageEncoder;
  modelServer: ModelServer;
  objects: ObjectStore;
  tracker: Tracker;
  trainer: Trainer;
  adapterTrainer: AdapterTrainer;
  methods: Record<string, FineTuningMethod>;
  plugins: PluginRegistry;
  services: ServiceDirectory;
  queryKnowledge: QueryKnowledge;
  clock: Clock;
  log: Log;
  telemetry: Telemetry;
  settings: CoreSettings;
}

export interface Ctx {
  actor: Actor;
  requestId: string;
  deps: CoreDeps;
  signal?: AbortSignal;
}
