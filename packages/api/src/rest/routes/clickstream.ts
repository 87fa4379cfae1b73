import type { z } from 'zod';
import type { AppCaller } from '../../router.ts';
import { defineRoute } from '../route.ts';
import {
  BatchSessionsAnswer,
  BatchSessionsQuery,
  type EventFields,
  EventsBody,
  IrrelevantBody,
  NothingAnswer,
  ReleaseAnswer,
  ReleaseBody,
  SessionAnswer,
  SessionBody,
  SessionQuery,
} from '../schemas/clickstream.ts';
import { sessionAnswer } from '../session-answer.ts';

const registerSession = defineRoute(
  {
    method: 'POST',
    path: '/clickstream/session',
    operationId: 'registerSession',
    summary: 'Stores a search and the list shown. Idempotent on session_id.',
    scope: 'clickstream',
  },
  { input: SessionBody, output: NothingAnswer, run: runRegister },
);

async function runRegister(caller: AppCaller, body: z.output<typeof SessionBody>): Promise<null> {
  await caller.session.registerSession({
    sessionId: body.session_id,
    query: body.search_query,
    shown: body.search_results.map((shown) => ({
      itemId: shown.object_id,
      rank: shown.rank ?? undefined,
      position: shown.position ?? undefined,
      meta: shown.meta ?? undefined,
    })),
    userId: body.user_id ?? undefined,
    searchMeta: body.search_meta ?? undefined,
    experiments: body.experiments?.map(({ experiment_id, ...part }) => ({ experimentId: experiment_id, ...part })),
    createdAt: dateOf(body.created_at),
  });
  return null;
}

const getSession = defineRoute(
  {
    method: 'GET',
    path: '/clickstream/session',
    operationId: 'getSession',
    summary: 'A session with its events.',
    scope: 'clickstream',
  },
  { input: SessionQuery, output: SessionAnswer, run: runGetSession },
);

async function runGetSession(
  caller: AppCaller,
  query: z.output<typeof SessionQuery>,
): Promise<z.input<typeof SessionAnswer>> {
  return sessionAnswer(await caller.session.getSession({ sessionId: query.session_id }));
}

const pushEvents = defineRoute(
  {
    method: 'POST',
    path: '/clickstream/session/events',
    operationId: 'pushEvents',
    summary: 'Adds what the user did. Idempotent on (session_id, event_id).',
    scope: 'clickstream',
  },
  { input: EventsBody, output: NothingAnswer, run: runPushEvents },
);

async function runPushEvents(caller: AppCaller, body: z.output<typeof EventsBody>): Promise<null> {
  await caller.session.pushEvents({ sessionId: body.session_id, events: body.events.map(toEvent) });
  return null;
}

const markIrrelevant = defineRoute(
  {
    method: 'POST',
    path: '/clickstream/session/irrelevant',
    operationId: 'markIrrelevant',
    summary: 'Says that nothing in the list answered the query.',
    scope: 'clickstream',
  },
  {
    input: IrrelevantBody,
    output: NothingAnswer,
    run: async (caller, body) => {
      await caller.session.markIrrelevant({ sessionId: body.session_id });
      return null;
    },
  },
);

const releaseBatch = defineRoute(
  {
    method: 'POST',
    path: '/clickstream/internal/batch/release',
    operationId: 'releaseBatch',
    summary: 'Freezes the collecting batch. Idempotent on release_id.',
    scope: 'admin',
  },
  {
    input: ReleaseBody,
    output: ReleaseAnswer,
    run: async (caller, body) => {
      const batch = await caller.session.releaseBatch({ releaseId: body.release_id });
      return {
        release_id: body.release_id,
        batch_id: batch.batchId,
        released_at: (batch.releasedAt ?? batch.createdAt).toISOString(),
      };
    },
  },
);

export function toEvent(event: z.output<typeof EventFields>) {
  return {
    eventId: event.event_id,
    itemId: event.object_id,
    type: event.event_type,
    createdAt: dateOf(event.created_at),
    dwellSeconds: event.dwell_time ?? undefined,
    position: event.position ?? undefined,
    meta: event.meta ?? undefined,
  };
}

function dateOf(seconds: number | null | undefined): Date | undefined {
  return seconds === null || seconds === undefined ? undefined : new Date(seconds * 1000);
}

const listBatchSessions = defineRoute(
  {
    method: 'GET',
    path: '/clickstream/internal/batch/sessions',
    operationId: 'listBatchSessions',
    summary: 'Sessions of a batch in the order of their numbers.',
    scope: 'clickstream',
  },
  { input: BatchSessionsQuery, output: BatchSessionsAnswer, run: runListBatchSessions },
);

async function runListBatchSessions(
  caller: AppCaller,
  query: z.output<typeof BatchSessionsQuery>,
): Promise<z.input<typeof BatchSessionsAnswer>> {
  const { batch, sessions, lastNumber } = await caller.session.listBatchSessions({
    batchId: query.batch_id,
    afterNumber: query.after_number,
    limit: query.limit,
    eventsLimit: query.events_limit,
  });
  return {
    batch_id: batch.batchId,
    ...(lastNumber !== null && { last_number: lastNumber }),
    sessions: sessions.map((session) => ({ ...sessionAnswer(session), session_number: session.sessionNumber })),
  };
}

export const clickstreamRoutes = [
  registerSession,
  getSession,
  pushEvents,
  markIrrelevant,
  releaseBatch,
  listBatchSessions,
];
