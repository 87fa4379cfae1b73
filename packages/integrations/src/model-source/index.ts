export { findArtefact } from './artefact.ts';
export { type BaseModel, baseModels, type ModelSource, type SourceFile, type SourceKind } from './catalogue.ts';
export { defaultHubUrl, type ResolveBaseModelOptions, resolveBaseModel } from './resolve-base-model.ts';
