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
    with_total: true,
    filter: { query: { bool: { must_not: [{ range: { field: 'price', range: { gt: 500 } } }] } } },
  },
  payloadSearch: {
    search_query: null,
    limit: 10,
    filter: { query: { exists: { field: 'price' } } },
    sort_by: { field: 'price', order: 'desc' },
    with_total: true,
  },
  payloadCount: { search_query: null, filter: { query: { term: { field: 'colour', value: 'red' } } } },
};
