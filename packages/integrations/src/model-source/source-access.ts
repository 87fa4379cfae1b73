import type { BaseModel, ModelSource } from './catalogue.ts';

/** What a source adapter may use. It answers with a folder that holds the model's files under their catalogue names. */
export interface SourceAccess {
  model: Pick<BaseModel, 'name' | 'files'>;
  /** An empty folder of this attempt, deleted afterwards. */
  scratch: string;
  signal: AbortSignal;
  /** Local folder of base models, `<modelsFolder>/<name>/`; null when not set. */
  modelsFolder: string | null;
  hubUrl: string;
  python: string;
}

export type SourceOf<Kind extends ModelSource['kind']> = Extract<ModelSource, { kind: Kind }>;
