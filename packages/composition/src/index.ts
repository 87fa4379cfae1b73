export { type SignInDatabase, signInTables } from '@embedding-studio/db/postgres';
export { enterProject } from './enter-project.ts';
export { migrateProjects } from './migrate-projects.ts';
export { getProject, openProjects, type Projects } from './open-projects.ts';
export { openStudio, type Studio, type StudioOptions } from './open-studio.ts';
export { type DatabaseSettings, databaseUrlOf, settingsOf } from './project-settings.ts';
export { parseSettings, type StudioSettings, studioFragment } from './settings.ts';
export { metricsPortFragment, openMetricsPort, telemetryFragment, tracesOf } from './telemetry-settings.ts';
export { tellOfStudios } from './telling.ts';
