export { createFolderObjectStore } from './folder-object-store.ts';
export { createGcsObjectStore, type GcsObjectStoreSettings } from './gcs-object-store.ts';
export { parseObjectKey } from './object-key.ts';
export { createS3ObjectStore, type S3ObjectStoreSettings } from './s3-object-store.ts';
