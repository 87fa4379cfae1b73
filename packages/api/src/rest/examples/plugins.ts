import type { RouteExamples } from './route-examples.ts';

export const pluginExamples: RouteExamples = {
  listPlugins: { kind: 'ranker' },
  getSearchPlugins: {},
  updateSearchPlugins: {
    query_processors: [{ id: 'spelling' }],
    rankers: [{ id: 'recency', config: { field: 'published_at', halfLifeDays: 14 }, deadline_ms: 50 }],
    vector_adjuster: { id: 'delta-overlay', config: { strength: 0.2 } },
  },
};
