export { findArtefact } from './artefact.ts';
export { type BaseModel, baseModels, type ModelSource, type SourceFile, type SourceKind } from './catalogue.ts';
export { type ImportedModel, type ImportModelOptions, importModel } from './import/import-model.ts';
export { type PairRequest, pairModels } from './pair/pair-models.ts';
export { defaultHubUrl, type ResolveBaseModelOptions, resolveBaseModel } from './resolve-base-model.ts';
