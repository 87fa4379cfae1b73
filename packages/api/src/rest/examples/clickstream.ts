import { exampleBatchId, exampleKey, exampleTime } from './example-ids.ts';
import type { RouteExamples } from './route-examples.ts';

export const clickstreamExamples: RouteExamples = {
  registerSession: {
    session_id: 'session-1',
    search_query: 'red boots',
    search_results: [{ object_id: 'boots', rank: 0.91, meta: { shelf: 3 } }, { object_id: 'lamp' }],
    search_meta: { page: 'home' },
    user_id: 'user-7',
  },
  getSession: { session_id: 'session-2' },
  pushEvents: {
    session_id: 'session-2',
    events: [{ event_id: 'event-1', object_id: 'boots', event_type: 'click', meta: { button: 'left' } }],
  },
  ingestEvents: {
    events: [
      { session_id: 'session-2', event_id: 'event-2', object_id: 'boots', dwell_time: 42, position: 1 },
      { session_id: 'session-2', event_id: 'event-3', object_id: 'lamp', event_type: 'seen', position: 2 },
    ],
  },
  sendBeacon: {
    api_key: exampleKey,
    events: [{ session_id: 'session-2', event_id: 'event-4', object_id: 'boots', position: 1 }],
  },
  ingestUbi: {
    queries: [{ query_id: 'ubi-1', user_query: 'red boots', query_response_hit_ids: ['boots', 'lamp'] }],
    events: [
      {
        action_name: 'click',
        timestamp: exampleTime,
        query_id: 'ubi-1',
        event_attributes: { object: { object_id: 'boots', object_id_field: 'sku' }, position: { ordinal: 1 } },
      },
    ],
  },
  countExclusions: { batch_id: exampleBatchId },
  useSession: { session_id: 'session-2' },
  markIrrelevant: { session_id: 'session-2' },
  releaseBatch: { release_id: 'release-2026-05' },
  listBatchSessions: { batch_id: exampleBatchId, after_number: 0, limit: 10, events_limit: 100 },
};
