import { newId, toStudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import type { Drawn } from '../exploration/explore-search.ts';
import { recordVisit } from '../record-audit.ts';
import type { ParsedSearch } from './search-input.ts';
import type { SearchItemsResult } from './search-items.ts';

/**
 * Remembers what was shown; a further page with the same session id adds to its list. A search is never lost to a failing
 * session store: the answer says so instead.
 */
export async function storeSearchSession(
  ctx: Ctx,
  options: {
    search: Pick<ParsedSearch, 'query' | 'sessionId' | 'userId' | 'tenant' | 'offset' | 'attributes'>;
    result: SearchItemsResult;
    startedAt: Date;
    explored: Drawn | null;
  },
): Promise<void> {
  const { search, result, startedAt, explored } = options;
  const sessionId = search.sessionId ?? newId('session');
  const shown = result.hits.map(({ itemId }, index) => ({
    ...{ itemId, position: search.offset + index + 1 },
    ...(itemId === explored?.itemId && { propensity: explored.propensity }),
  }));
  const { offset, tenant, attributes } = search;
  const drawn = explored && { exploration: { from: explored.from, to: explored.to, epsilon: explored.epsilon } };
  const now = ctx.deps.clock.now();
  const tookMs = now.getTime() - startedAt.getTime();
  try {
    const { created, isSpooled } = await ctx.deps.sessions.registerSession({
      sessionId,
      query: search.query,
      shown,
      userId: search.userId,
      // Device, surface and the like are what analytics slices by.
      searchMeta: { ...attributes, offset, degraded: result.degraded, tookMs, tenant, ...drawn },
      createdAt: now,
      modelId: result.modelId,
      collectionId: result.collectionId,
      ...(result.experiments && { experiments: result.experiments }),
    });
    if (created || isSpooled) await recordVisit(ctx, { action: 'session.register', subject: sessionId });
    // Nobody knows yet whether a spooled first page is new; a further one never is.
    if (isSpooled ? offset > 0 : !created)
      await ctx.deps.sessions.extendSession({ sessionId, query: search.query, shown });
    result.sessionId = sessionId;
  } catch (error) {
    ctx.deps.log.warn({ sessionId, code: toStudioError(error).code }, 'search session not stored');
    result.degraded.push('session_not_stored');
  }
}
