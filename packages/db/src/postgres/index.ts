export { createPool, type PostgresSettings } from './connection.ts';
export { countRows, emptyDatabase } from './empty-database.ts';
export { ensureDatabase } from './ensure-database.ts';
export { inspectPostgres, type PostgresFacts } from './inspect-postgres.ts';
export { migratePostgres } from './migrate-postgres.ts';
export { openPostgres, type PostgresStores } from './open-postgres.ts';
export { type SignInDatabase, signInTables } from './sign-in-database.ts';
