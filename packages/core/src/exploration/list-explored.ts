import type { SessionWithEvents } from '@embedding-studio/contracts';
import { normaliseQuery, orderShown, weighClicks } from '@embedding-studio/ml/clicks';
import { z } from 'zod';
import type { Ctx } from '../context.ts';

export interface ExploredPlace {
  query: string;
  /** Normalised. */
  queryKey: string;
  itemId: string;
  /** Probability that this item was drawn, once it was settled that some item takes its place. */
  share: number;
  isClicked: boolean;
  /** What else the session showed. */
  others: string[];
}

const sessionsPerPage = 500;
const Drawn = z.object({ from: z.number(), to: z.number(), epsilon: z.number().positive() });

/** What exploration put into the newest sessions, newest first, and what came of it. */
export async function listExplored(
  ctx: Ctx,
  { sessions, places }: { sessions: number; places: number },
): Promise<ExploredPlace[]> {
  const everything = {
    ...{ traitsKeys: null, expected: null, from: null, to: null, userId: null, queryPrefix: null, items: null },
  };
  const explored: ExploredPlace[] = [];
  let after: { at: Date; sessionId: string } | null = null;
  for (let read = 0; read < sessions && explored.length < places; read += sessionsPerPage) {
    const limit = Math.min(sessionsPerPage, sessions - read);
    const page = await ctx.deps.analytics.listFacts({ ...everything, after, limit });
    const found = await ctx.deps.sessions.findSessions(page.map(({ sessionId }) => sessionId));
    explored.push(...found.flatMap((session) => readExplored(session) ?? []));
    const last = page.at(-1);
    if (last === undefined || page.length < limit) break;
    after = { at: last.at, sessionId: last.sessionId };
    ctx.signal?.throwIfAborted();
  }
  return explored.slice(0, places);
}

function readExplored(session: SessionWithEvents): ExploredPlace | null {
  const { query, shown, searchMeta, exclusions = [], isIrrelevant } = session;
  const drawn = Drawn.safeParse(searchMeta?.exploration).data;
  const placed = shown.find(({ propensity }) => propensity !== undefined);
  if (drawn === undefined || placed?.propensity === undefined || exclusions.length > 0 || isIrrelevant) return null;
  const { itemId, propensity } = placed;
  return {
    ...{ query, queryKey: normaliseQuery(query), itemId },
    share: Math.min(1, (propensity * (drawn.to - drawn.from + 1)) / drawn.epsilon),
    isClicked: weighClicks(session).has(itemId),
    others: orderShown(shown).filter((other) => other !== itemId),
  };
}
