import type { VectorAdjuster } from '../spec/index.ts';
import { centroidPull } from './centroid-pull.ts';
import { deltaOverlay } from './delta-overlay.ts';

/** The built-in vector adjusters. */
export const vectorAdjusters: readonly VectorAdjuster[] = [deltaOverlay, centroidPull];
