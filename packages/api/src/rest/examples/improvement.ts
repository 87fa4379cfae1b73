import type { RouteExamples } from './route-examples.ts';

export const improvementExamples: RouteExamples = {
  getImprovement: { object_id: 'boots' },
  updateImprovement: { is_on: false },
  requestImprovement: {},
  requestImprovementFold: {},
  rollBackImprovement: { version: 0 },
  eraseUser: { user_id: 'user-9' },
};
