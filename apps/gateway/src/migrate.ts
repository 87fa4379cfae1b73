import { migrateProjects } from '@embedding-studio/composition';
import { createLog } from '@embedding-studio/telemetry';
import { readMigrationSettings } from './settings.ts';

// A job of its own, so that a new release finds its schema before the first of its processes starts.
const settings = readMigrationSettings();
const log = createLog({ name: 'migrate', level: settings.LOG_LEVEL });
const projects = await migrateProjects(settings);
log.info({ projects }, 'schemas are up to date');
