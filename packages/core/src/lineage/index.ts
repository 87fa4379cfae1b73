export * from './draw-family.ts';
export * from './get-lineage.ts';
