export { createPostgresLoader } from './postgres-loader.ts';
