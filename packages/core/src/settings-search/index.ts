export * from './get-settings-search.ts';
export { deriveSpace } from './search-space.ts';
