export { openStudio, type Studio, type StudioOptions } from './open-studio.ts';
export { parseSettings, type StudioSettings, studioFragment } from './settings.ts';
