export { type DocumentServer, type DocumentServerOptions, startDocumentServer } from './document-server.ts';
export type { StoreLog } from './document-store.ts';
export { StoreError, type StoreErrorName } from './store-error.ts';
