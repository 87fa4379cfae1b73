import { describe, expect, it } from 'vitest';
import { fieldsOf, settingsOf, typedOf } from '../src/fine-tuning/settings-schema.ts';
import { canResume, canStop, stepsOf, summariseState } from '../src/fine-tuning/steps.ts';

const schema = {
  type: 'object',
  properties: {
    budget: { default: 'quick', type: 'string', enum: ['quick', 'standard'] },
    trainable: {
      default: { kind: 'all' },
      oneOf: [
        { type: 'object', properties: { kind: { const: 'all' } } },
        { type: 'object', properties: { kind: { const: 'lora' }, rank: { default: 8, type: 'integer', minimum: 1 } } },
      ],
    },
    secondsMax: { anyOf: [{ type: 'number', minimum: 1, maximum: 10 }, { type: 'null' }] },
  },
};

describe('the form of a method', () => {
  const fields = fieldsOf(schema);
  it('has a field for every setting, with its default and its range', () => {
    expect(fields).toMatchObject([
      { kind: 'choice', key: 'budget', fallback: 'quick', choices: ['quick', 'standard'] },
      { kind: 'variant', key: 'trainable', fallback: 'all', variants: [{ name: 'all' }, { name: 'lora' }] },
      { kind: 'text', key: 'secondsMax', fallback: null, hint: 'number from 1 to 10 or none' },
    ]);
  });

  it('sends only what was typed, numbers as numbers, none as no limit', () => {
    expect(settingsOf(fields, {})).toEqual({});
    const typed = { budget: 'standard', trainable: 'lora', 'trainable.rank': '4', secondsMax: 'none' };
    const settings = { budget: 'standard', trainable: { kind: 'lora', rank: 4 }, secondsMax: null };
    expect(settingsOf(fields, typed)).toEqual(settings);
    expect(typedOf(settings)).toEqual(typed);
  });

  it('reads and writes several numbers with commas between them, one alone as well', () => {
    const lists = fieldsOf({ properties: { lengths: { default: [], type: 'array' } } });
    expect(lists).toMatchObject([{ kind: 'text', key: 'lengths', fallback: 'none', isList: true }]);
    expect(settingsOf(lists, { lengths: '64, 128' })).toEqual({ lengths: [64, 128] });
    expect(settingsOf(lists, { lengths: '64' })).toEqual({ lengths: [64] });
    expect(settingsOf(lists, { lengths: 'none' })).toEqual({ lengths: [] });
    expect(typedOf({ lengths: [64, 128] })).toEqual({ lengths: '64, 128' });
    const words = { default: ['a', 'b'], type: 'array', items: { enum: ['a', 'b', 'c'] } };
    const choices = fieldsOf({ properties: { tiers: words } });
    expect(choices).toMatchObject([{ fallback: 'a, b', hint: 'some of a, b, c', isList: true }]);
    expect(settingsOf(choices, { tiers: 'c, a' })).toEqual({ tiers: ['c', 'a'] });
  });

  it('forgets settings of a variant that is not chosen', () => {
    expect(settingsOf(fields, { trainable: 'all', 'trainable.rank': '4' })).toEqual({ trainable: { kind: 'all' } });
  });
});

describe('the steps of a job', () => {
  const job = (rolloutState: Parameters<typeof stepsOf>[0]['rolloutState'], from: string | null = null) =>
    stepsOf({
      ...{ rolloutState, status: 'processing', progress: null, runId: 'run_1' },
      transitions: from === null ? [] : [{ from, to: rolloutState, at: new Date(0), reason: '' } as never],
    }).map(({ name, state }) => `${name} ${state}`);

  it('follow the rollout from data to live', () => {
    expect(job('requested').slice(0, 3)).toEqual(['data done', 'train now', 'gate waiting']);
    expect(job('indexing').slice(4, 7)).toEqual(['reindex done', 'verify now', 'live waiting']);
    expect(job('live').at(-1)).toBe('live done');
  });

  it('name the step at which it failed or was rejected', () => {
    expect(job('failed', 'deployed').slice(3)).toEqual([
      'deploy done',
      'reindex failed',
      'verify skipped',
      'live skipped',
    ]);
    expect(job('rejected', 'trained').slice(1, 4)).toEqual(['train done', 'gate rejected', 'deploy skipped']);
  });

  it('offer stop while something moves and resume after it was stopped', () => {
    expect(canStop({ status: 'processing', rolloutState: 'requested' })).toBe(true);
    expect(canStop({ status: 'done', rolloutState: 'live' })).toBe(false);
    expect(canResume({ status: 'canceled', rolloutState: 'failed' })).toBe(true);
    expect(canResume({ status: 'done', rolloutState: 'rejected' })).toBe(false);
    expect(summariseState({ status: 'canceled', rolloutState: 'failed' })).toBe('stopped');
  });
});
