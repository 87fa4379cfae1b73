import type { ModelCheck, ModelManifest, ModelRecord, ModelStatus } from '../model.ts';
import type {
  MixingSet,
  TrainingProgress,
  TrainingReport,
  TrainingSet,
  TrainingSettings,
  ValidationPoint,
  ValidationSet,
} from '../training.ts';

/** Model rows (Postgres). */
export interface ModelStore {
  /** Idempotent on id. */
  createModel(model: Omit<ModelRecord, 'createdAt'>): Promise<ModelRecord>;
  getModel(id: string): Promise<ModelRecord>;
  findModelByName(name: string): Promise<ModelRecord | null>;
  listModels(page: { after: string | null; limit: number }): Promise<ModelRecord[]>;
  updateModelStatus(id: string, status: ModelStatus): Promise<void>;
  /** For what is learnt of a model after it was stored; its text encoder and tokenizer stay the same files. */
  updateModelManifest(id: string, manifest: ModelManifest): Promise<void>;
}

/** Bytes by key (a folder, S3, …). Keys are slash-separated; `..` and absolute keys are refused (INPUT_INVALID). */
export interface ObjectStore {
  putObject(key: string, bytes: Uint8Array): Promise<void>;
  putFile(key: string, path: string): Promise<void>;
  getObject(key: string): Promise<Uint8Array>;
  /** Copies the object to a local path (atomic rename). */
  getFile(key: string, path: string): Promise<void>;
  hasObject(key: string): Promise<boolean>;
  /** `writtenAt`: when it was last put, also with the same bytes; to the second where the store tells no more. */
  listObjects(prefix: string): Promise<{ key: string; bytes: number; writtenAt: Date }[]>;
  deleteObjects(prefix: string): Promise<void>;
}

/** A model of the server's repository. */
export interface ServedModel {
  name: string;
  /** As the server says it: READY, UNAVAILABLE, LOADING, UNLOADING. */
  state: string;
  /** Why it is not ready, where the server tells. */
  reason: string | null;
}

/** What the server measured of a model since it was loaded. */
export interface ModelLatency {
  /** Runs of the graph, each over a batch of rows. */
  runs: number;
  rows: number;
  /** Milliseconds of one run; null before the first one, percentiles also where the server keeps none (Triton). */
  meanMs: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
  /** While it computes; null before the first run. */
  rowsPerSecond: number | null;
}

/** KServe v2 model control: the embedded server and Triton answer alike. */
export interface ModelServer {
  isReady(): Promise<boolean>;
  isModelReady(name: string): Promise<boolean>;
  loadModel(name: string): Promise<void>;
  unloadModel(name: string): Promise<void>;
  /** Puts an artefact into the server's repository as `<name>/1/model.onnx`, atomically. */
  installModel(name: string, onnxPath: string, manifest: ModelManifest): Promise<void>;
  removeModel(name: string): Promise<void>;
  /** The repository index. */
  listServedModels(): Promise<ServedModel[]>;
  /** The statistics extension; null for a model that is not loaded or a server without the extension. */
  findModelLatency(name: string): Promise<ModelLatency | null>;
}

export interface EmbedRequest {
  modelId: string;
  texts: readonly string[];
  kind: 'query' | 'item';
  signal?: AbortSignal;
}

/** Texts → unit vectors by a model that the server has loaded. Tokenises on this side. */
export interface Encoder {
  /** One vector of `dims` per text, in order. MODEL_SERVER_UNAVAILABLE on time-out; MODEL_INVALID on wrong dims or NaN. */
  embed(request: EmbedRequest): Promise<Float32Array[]>;
}

export interface TrainRequest {
  modelFolder: string;
  outputFolder: string;
  /** Where checkpoints live; training resumes from the newest one found there. */
  checkpointFolder: string;
  trainingSet: TrainingSet;
  settings: TrainingSettings;
  signal: AbortSignal;
  onProgress: (progress: TrainingProgress) => void;
  /** Measured before the first step, about ten times on the way and at the end; may be left out to save time. */
  validation?: ValidationSet;
  onValidation?: (point: ValidationPoint) => void;
  /** Texts of the catalogue that an anchor term draws from; the items of the training set when absent. */
  anchorTexts?: readonly string[];
  /** For `wiseFt`. */
  mixing?: MixingSet;
}

/** Fine-tunes an encoder off the main thread. Writes `model.onnx` and `tokenizer.json` to `outputFolder`. */
export interface Trainer {
  train(request: TrainRequest): Promise<TrainingReport>;
  /** Encodes without a server (evaluation of a model that is not deployed). */
  encode(request: {
    modelFolder: string;
    texts: readonly string[];
    kind: 'query' | 'item';
    signal: AbortSignal;
    onProgress?: (done: number, total: number) => void;
  }): Promise<Float32Array[]>;
  /** Milliseconds of encoding each query alone, [model][text]: the models take turns, so that noise meets them alike. */
  timeQueries(request: {
    modelFolders: readonly string[];
    texts: readonly string[];
    signal: AbortSignal;
  }): Promise<number[][]>;
  /** Writes the model with whole-number products to `outputFolder`, a model folder of its own. GRAPH_UNSUPPORTED: nothing to round. */
  quantizeModel(request: { modelFolder: string; outputFolder: string; signal: AbortSignal }): Promise<void>;
  /** Finite values, unit length, dims, determinism, gradient against finite differences. MODEL_INVALID with the reason. */
  checkModel(modelFolder: string, signal: AbortSignal): Promise<ModelCheck>;
}
