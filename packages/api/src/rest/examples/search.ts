import type { RouteExamples } from './route-examples.ts';

export const searchExamples: RouteExamples = {
  ping: {},
  similaritySearch: {
    search_query: { text: 'warm red boots' },
    limit: 10,
    offset: 0,
    max_distance: 1.5,
    create_session: true,
    session_id: 'search-81',
    user_id: 'user-7',
    explain: true,
  },
};
