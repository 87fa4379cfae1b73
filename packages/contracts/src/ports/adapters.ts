import type { AdapterSide, AdapterTrainingSet, LinearAdapter } from '../adapter.ts';
import type { TrainingProgress, TrainingReport, TrainingSettings, ValidationPoint } from '../training.ts';

export interface TrainAdapterRequest {
  /** Its vectors are moved to another thread: they are gone here. */
  set: AdapterTrainingSet;
  /** `adapter` has to be there; what concerns encoders alone (`trainable`, `maxTokens`) is not read. */
  settings: TrainingSettings;
  signal: AbortSignal;
  onProgress: (progress: TrainingProgress) => void;
  /** nDCG@10 over the items of the set, of examples that training put aside. */
  onValidation?: (point: ValidationPoint) => void;
}

export interface AttachAdapterRequest {
  modelFolder: string;
  outputFolder: string;
  adapter: LinearAdapter;
  side: AdapterSide;
}

/** The second training engine: small maps over stored vectors, off the main thread. Seeded; equal runs give equal bytes. */
export interface AdapterTrainer {
  /** `executionProvider` of the report names the backend that ran. TRAINING_EVIDENCE_MISSING, ABORTED. */
  trainAdapter(request: TrainAdapterRequest): Promise<{ adapter: LinearAdapter; report: TrainingReport }>;
  /**
   * Writes `model.onnx` and `tokenizer.json` to `outputFolder`: the encoder with the adapter behind its output, an
   * artefact like any other; for `both` sides also an `image.onnx` that moves likewise, where there is one. GRAPH_UNSUPPORTED when its output cannot be followed by one.
   */
  attachAdapter(request: AttachAdapterRequest): Promise<void>;
}
