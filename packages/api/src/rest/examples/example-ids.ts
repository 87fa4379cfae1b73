/** Ids in the examples; whoever runs them puts real ones in their place. */
export const exampleModelId = 'mdl_7d0c1f4e5a6b47c8923d1e0f6a5b4c3d';
export const exampleNextModelId = 'mdl_2b8e9a7c6d5f4e3b8a1c0d9e8f7a6b5c';
export const exampleBatchId = 'bat_5f4e3d2c1b0a49889796a5b4c3d2e1f0';
export const exampleKey = 'es_…';
/** Stands for now. */
export const exampleTime = '2026-05-02T10:00:00Z';
/** As long as the collection has dimensions. */
export const exampleVector = [0.6, 0.8];
