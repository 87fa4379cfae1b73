import type { CoClicks, RelatedQuery, SessionStore, SessionWithEvents } from '@embedding-studio/contracts';
import { cleanSessions, normaliseQuery, weighClicks } from '@embedding-studio/ml/clicks';

const page = 500;
const sessionsMax = 20_000;
const batchesMax = 50;
/** Queries followed from one item: an item that everybody clicks says little about any of them. */
const queriesOfItemMax = 200;

interface QueryNode {
  text: string;
  clicks: Map<string, number>;
  voices: Set<string>;
  length: number;
}

/** Reads the latest sessions and ties queries to one another by the items that were clicked for them. */
export async function loadCoClicks(sessions: SessionStore): Promise<CoClicks> {
  const nodes = new Map<string, QueryNode>();
  for await (const found of readLatest(sessions))
    for (const session of cleanSessions(found).usable) addSession(nodes, session);
  const queriesOf = new Map<string, QueryNode[]>();
  for (const node of nodes.values()) {
    node.length = Math.hypot(...node.clicks.values());
    for (const itemId of node.clicks.keys()) {
      const others = queriesOf.get(itemId) ?? [];
      if (others.length < queriesOfItemMax) others.push(node);
      queriesOf.set(itemId, others);
    }
  }
  return {
    findRelatedQueries: async (text, { limit }) => {
      const node = nodes.get(normaliseQuery(text));
      return node === undefined ? [] : findRelated(node, queriesOf).slice(0, limit);
    },
  };
}

async function* readLatest(sessions: SessionStore): AsyncGenerator<SessionWithEvents[]> {
  let left = sessionsMax;
  for (const { batchId, sessionCount } of await sessions.listBatches({ offset: 0, limit: batchesMax })) {
    for (let afterNumber = Math.max(0, sessionCount - left); left > 0; ) {
      const found = await sessions.listBatchSessions({ batchId, afterNumber, limit: page, eventsLimit: 100 });
      if (found.length > 0) yield found;
      left -= found.length;
      afterNumber = found.at(-1)?.sessionNumber ?? afterNumber;
      if (found.length < page) break;
    }
  }
}

function addSession(nodes: Map<string, QueryNode>, session: SessionWithEvents): void {
  const key = normaliseQuery(session.query);
  const node = nodes.get(key) ?? { text: session.query, clicks: new Map(), voices: new Set(), length: 0 };
  for (const [itemId, weight] of weighClicks(session)) node.clicks.set(itemId, (node.clicks.get(itemId) ?? 0) + weight);
  node.voices.add(session.userId ?? `session ${session.sessionId}`);
  nodes.set(key, node);
}

function findRelated(node: QueryNode, queriesOf: ReadonlyMap<string, QueryNode[]>): RelatedQuery[] {
  const shared = new Map<QueryNode, number>();
  for (const [itemId, weight] of node.clicks) {
    for (const other of queriesOf.get(itemId) ?? []) {
      if (other !== node) shared.set(other, (shared.get(other) ?? 0) + weight * (other.clicks.get(itemId) ?? 0));
    }
  }
  const related = [...shared].map(([other, product]) => ({
    text: other.text,
    similarity: Math.min(1, product / (node.length * other.length)),
    voices: other.voices.size,
  }));
  return related.sort((a, b) => b.similarity - a.similarity || b.voices - a.voices || (a.text < b.text ? -1 : 1));
}
