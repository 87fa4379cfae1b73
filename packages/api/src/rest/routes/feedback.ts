import type { IngestEventsResult } from '@embedding-studio/core';
import { z } from 'zod';
import { defineRoute } from '../route.ts';
import { IrrelevantBody } from '../schemas/clickstream.ts';
import {
  BeaconBody,
  ExclusionsAnswer,
  ExclusionsQuery,
  IngestAnswer,
  IngestBody,
  UbiAnswer,
  UbiBody,
} from '../schemas/feedback.ts';
import { toEvent } from './clickstream.ts';

function outcomeAnswer({ created, duplicates, spooled, refused, unknownTypes }: IngestEventsResult) {
  return {
    ...{ created, duplicates, unknown_types: unknownTypes, ...(spooled && { spooled }) },
    refused: refused.map(({ sessionId, eventId, ...rest }) => ({ session_id: sessionId, event_id: eventId, ...rest })),
  };
}

const ingestEvents = defineRoute(
  {
    method: 'POST',
    path: '/clickstream/events/batch',
    operationId: 'ingestEvents',
    summary: 'Events of many sessions at once. Each is taken or refused on its own; created means stored.',
    scope: 'clickstream',
  },
  {
    input: IngestBody,
    output: IngestAnswer,
    run: async (caller, body) => {
      const events = body.events.map((event) => ({ ...toEvent(event), sessionId: event.session_id }));
      return outcomeAnswer(await caller.session.ingestEvents({ events }));
    },
  },
);

const ingestUbi = defineRoute(
  {
    method: 'POST',
    path: '/clickstream/ubi',
    operationId: 'ingestUbi',
    summary: 'Queries and events as User Behavior Insights 1.3 describes them.',
    scope: 'clickstream',
  },
  {
    input: UbiBody,
    output: UbiAnswer,
    run: async (caller, body) => {
      // The verb knows the standard; here the objects only pass through.
      const given = body as Parameters<typeof caller.session.ingestUbi>[0];
      const { sessionsCreated, sessionsSpooled, queriesRefused, ignored, ...rest } =
        await caller.session.ingestUbi(given);
      return {
        ...outcomeAnswer(rest),
        ...{ sessions_created: sessionsCreated, ignored },
        ...(sessionsSpooled && { sessions_spooled: sessionsSpooled }),
        queries_refused: queriesRefused.map(({ index, queryId, code }) => ({ index, query_id: queryId, code })),
      };
    },
  },
);

const useSession = defineRoute(
  {
    method: 'POST',
    path: '/clickstream/internal/session/use-for-improvement',
    operationId: 'useSession',
    summary: 'Learns from a session now, in place of with the next feedback.',
    scope: 'clickstream',
  },
  {
    input: IrrelevantBody,
    output: z.null(),
    run: async (caller, body) => {
      await caller.improvement.useSession({ sessionId: body.session_id });
      return null;
    },
  },
);

const countExclusions = defineRoute(
  {
    method: 'GET',
    path: '/clickstream/exclusions',
    operationId: 'countExclusions',
    summary: 'How many sessions nothing is learned from, by reason.',
    scope: 'clickstream',
  },
  {
    input: ExclusionsQuery,
    output: ExclusionsAnswer,
    run: async (caller, query) => ({ counts: await caller.session.countExclusions({ batchId: query.batch_id }) }),
  },
);

const sendBeacon = defineRoute(
  {
    method: 'POST',
    path: '/clickstream/beacon',
    operationId: 'sendBeacon',
    summary: 'As events/batch, for navigator.sendBeacon: the key is in the body.',
    scope: 'clickstream',
    isBeacon: true,
  },
  {
    input: BeaconBody,
    output: IngestAnswer,
    run: async (caller, body) => {
      const events = body.events.map((event) => ({ ...toEvent(event), sessionId: event.session_id }));
      return outcomeAnswer(await caller.session.ingestEvents({ events }));
    },
  },
);

export const feedbackRoutes = [ingestEvents, sendBeacon, ingestUbi, countExclusions, useSession];
