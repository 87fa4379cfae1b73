import type { ExplorationPolicy } from '@embedding-studio/contracts';

export const defaultExplorationPolicy: ExplorationPolicy = { isEnabled: false, epsilon: 0.02, placeMin: 4 };
