import { describe, test } from 'vitest';
import { commonChecks, methodChecks } from '../src/conformance/index.ts';
import { methodPlugins } from '../src/methods/index.ts';
import type { SessionWithEvents } from '../src/spec/index.ts';

const createdAt = new Date('2026-01-01T00:00:00Z');
const shown = ['a', 'b', 'c', 'd'].map((itemId) => ({ itemId }));

function session(id: string, clicked: readonly string[]): SessionWithEvents {
  const facts = { sessionId: id, query: `query ${id}`, shown, createdAt, isIrrelevant: false, batchId: 'batch' };
  const events = clicked.map((itemId, at) => {
    const time = new Date(createdAt.getTime() + (at + 1) * 60_000);
    return { sessionId: id, eventId: `${id}-${at}`, itemId, type: 'click', createdAt: time, receivedAt: time };
  });
  return { ...facts, sessionNumber: 1, events };
}

const sessions = [session('one', ['c']), session('two', ['a', 'd']), session('none', []), session('foreign', ['z'])];

describe.each(methodPlugins.map((plugin) => ({ id: plugin.id, plugin })))('$id', ({ plugin }) => {
  const checks = [...commonChecks(plugin, {}), ...methodChecks(plugin, { config: {}, sessions })];
  test.each(checks)('$name', ({ run }) => run());
});
