export { findArtefact } from './artefact.ts';
export { type BaseModel, baseModels, type ModelSource, type SourceFile, type SourceKind } from './catalogue.ts';
export { type ImportedModel, type ImportModelOptions, importModel } from './import/import-model.ts';
export { type Caption, type FittedHead, fitHead, placePicture } from './pair/fit-head.ts';
export { type PairedModel, type PairRequest, pairModels } from './pair/pair-models.ts';
export { type PictureFeatures, readFeatures } from './pair/read-features.ts';
export { defaultHubUrl, type ResolveBaseModelOptions, resolveBaseModel } from './resolve-base-model.ts';
