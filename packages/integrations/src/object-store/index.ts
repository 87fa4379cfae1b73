export { createFolderObjectStore } from './folder-object-store.ts';
export { parseObjectKey } from './object-key.ts';
