import { createHash } from 'node:crypto';
import { ItemId } from '@embedding-studio/contracts';
import { z } from 'zod';

const Name = z.string().max(100);
const Identity = z.string().min(1).max(100);
/** ISO 8601; without an offset it is taken as UTC. */
const Instant = z
  .string()
  .max(40)
  .refine((text) => !Number.isNaN(timeOf(text).getTime()), 'must be an ISO 8601 time');
const ObjectId = z.union([ItemId, z.number().int()]);
const charsMax = 8_000;
const tooLong = `must be at most ${charsMax} characters as JSON, ids of results apart`;

function timeOf(text: string): Date {
  const hasOffset = /(z|[+-]\d\d:?\d\d)$/i.test(text);
  return new Date(hasOffset ? text : `${text}Z`);
}

/** A query of UBI 1.3. What the standard does not name is kept in the session's meta. */
export const UbiQuery = z
  .looseObject({
    application: Name.optional(),
    query_id: Identity,
    client_id: Name.optional(),
    user_id: Name.optional(),
    user_query: z.string().max(2_000),
    query_attributes: z.looseObject({}).optional(),
    object_id_field: Name.optional(),
    timestamp: Instant.optional(),
    query_response_id: z.string().max(128).optional(),
    query_response_hit_ids: z.array(ObjectId).max(1_000).default([]),
  })
  .refine(({ query_response_hit_ids: _hits, ...rest }) => JSON.stringify(rest).length <= charsMax, tooLong);
export type UbiQuery = z.output<typeof UbiQuery>;

/** An event of UBI 1.3. Only those about an object of a known query can be learned from. */
export const UbiEvent = z
  .looseObject({
    application: Name.optional(),
    action_name: z.string().min(1).max(100),
    query_id: Identity.optional(),
    session_id: Name.optional(),
    client_id: Name.optional(),
    user_id: Name.optional(),
    timestamp: Instant,
    message_type: Name.optional(),
    message: z.string().max(1_024).optional(),
    event_attributes: z
      .looseObject({
        object: z.looseObject({ object_id: ObjectId.optional(), object_id_field: Name.optional() }).optional(),
        position: z.looseObject({ ordinal: z.number().int().optional() }).optional(),
        dwell_time: z.number().optional(),
      })
      .optional(),
  })
  .refine((given) => JSON.stringify(given).length <= charsMax, tooLong);
export type UbiEvent = z.output<typeof UbiEvent>;

/** The person where known, else the browser: what the standard calls user and client. */
function userOf(given: { user_id?: string; client_id?: string }): string | undefined {
  return [given.user_id, given.client_id].find((id) => id !== undefined && id !== '');
}

export function toSession(query: UbiQuery) {
  const { query_id, user_query, timestamp, query_response_hit_ids, client_id, user_id, ...rest } = query;
  return {
    sessionId: query_id,
    query: user_query,
    shown: query_response_hit_ids.map((id, index) => ({ itemId: String(id), position: index + 1 })),
    userId: userOf(query),
    searchMeta: { ubi: rest },
    createdAt: timestamp === undefined ? undefined : timeOf(timestamp),
    userAgent: agentOf(query),
  };
}

function agentOf({ client_id, query_attributes }: UbiQuery): string | undefined {
  const agent = query_attributes?.user_agent;
  return typeof agent === 'string' ? agent.slice(0, 1_000) : client_id;
}

/** Null: an event about no object (a login, a search), or of no query. */
export function toEvent(event: UbiEvent) {
  const { event_attributes: given = {}, action_name, query_id, timestamp, client_id: _c, user_id: _u, ...rest } = event;
  const id = given.object?.object_id;
  if (query_id === undefined || id === undefined) return null;
  const { object: _object, position, dwell_time: dwell, ...attributes } = given;
  const ordinal = position?.ordinal;
  return {
    sessionId: query_id,
    eventId: identityOf(event),
    itemId: String(id),
    type: action_name,
    createdAt: timeOf(timestamp),
    ...(ordinal !== undefined && ordinal >= 1 && { position: ordinal }),
    ...(dwell !== undefined && dwell >= 0 && dwell <= 86_400 && { dwellSeconds: dwell }),
    meta: { ubi: { ...rest, ...attributes } },
  };
}

/** UBI events have no id: the same client doing the same to the same object at the same time is one event. */
function identityOf(event: UbiEvent): string {
  const parts = [
    event.client_id,
    event.session_id,
    timeOf(event.timestamp).toISOString(),
    event.action_name.toLowerCase(),
  ];
  const object = event.event_attributes?.object?.object_id;
  return `ubi-${createHash('sha256')
    .update(JSON.stringify([...parts, object]))
    .digest('hex')
    .slice(0, 40)}`;
}
