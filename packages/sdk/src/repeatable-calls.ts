type Input = Record<string, unknown>;

const always = (): boolean => true;
/** The caller has named the task, so that the server knows it again. */
const named = ({ id }: Input): boolean => id !== undefined;

/** Mutations that change nothing when they come a second time, and what their input must hold for that. */
export const repeatableMutations: Readonly<Record<string, (input: Input) => boolean>> = {
  'collection.buildCollectionIndex': always,
  'collection.createCollection': always,
  'collection.setLive': always,
  'fineTuning.requestFineTuning': ({ id, idempotencyKey }) => id !== undefined || idempotencyKey !== undefined,
  'improvement.requestFold': always,
  'improvement.useSession': always,
  'item.deleteItems': always,
  'item.requestDeletion': named,
  'item.requestUpsertion': named,
  'key.revokeApiKey': always,
  'model.requestModelDeletion': named,
  'model.requestModelDeployment': named,
  'plugin.updateSearchPlugins': always,
  'rollout.requestInitialIndex': always,
  'rollout.requestReindex': named,
  'session.importSessions': always,
  'session.ingestEvents': always,
  'session.ingestUbi': ({ events }) => Array.isArray(events) && events.every(hasEventId),
  'session.markIrrelevant': always,
  'session.pushEvents': always,
  'session.registerSession': always,
  'session.releaseBatch': always,
  'vector.deleteObjects': always,
  'vector.putObjects': ({ mode }) => mode !== 'insert',
};

function hasEventId(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'event_id' in event;
}

/** A search that opens a session without naming it would open a second one. */
function opensSession(path: string, { createSession, sessionId }: Input): boolean {
  return path === 'search.searchItems' && createSession === true && sessionId === undefined;
}

export function isRepeatable(call: { type: string; path: string; input: unknown }): boolean {
  const input = (typeof call.input === 'object' && call.input !== null ? call.input : {}) as Input;
  if (call.type === 'query') return !opensSession(call.path, input);
  return repeatableMutations[call.path]?.(input) ?? false;
}
