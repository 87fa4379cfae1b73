export { type SignInDatabase, signInTables } from '@embedding-studio/db/postgres';
export { openStudio, type Studio, type StudioOptions } from './open-studio.ts';
export { parseSettings, type StudioSettings, studioFragment } from './settings.ts';
