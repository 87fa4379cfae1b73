import { StudioError } from '@embedding-studio/contracts';
import { expect, it } from 'vitest';
import { createLog, redactFields } from '../src/index.ts';

function capture(level: 'debug' | 'info' = 'info') {
  const lines: string[] = [];
  const log = createLog({ name: 'gateway', level, target: { write: (line: string) => void lines.push(line) } });
  return { log, read: () => lines.map((line) => JSON.parse(line)), text: () => lines.join('') };
}

it('writes one JSON line with name, level, ISO time, fields and message', () => {
  const { log, read } = capture();
  log.info({ itemId: 'a1', count: 3 }, 'items stored');
  const [line] = read();
  expect(line).toMatchObject({ name: 'gateway', level: 'info', itemId: 'a1', count: 3, msg: 'items stored' });
  expect(new Date(line.time).toISOString()).toBe(line.time);
});

it('leaves out what is below its level', () => {
  const { log, read } = capture();
  log.debug({}, 'quiet');
  log.warn({}, 'loud');
  expect(read().map(({ msg }) => msg)).toEqual(['loud']);
});

it('keeps the fields of a child in each of its lines', () => {
  const { log, read } = capture();
  log.child({ requestId: 'r1' }).error({ step: 2 }, 'failed');
  expect(read()[0]).toMatchObject({ requestId: 'r1', step: 2, level: 'error' });
});

it.each([
  'password',
  'dbPassword',
  'clientSecret',
  'apiKey',
  'api_key',
  'accessToken',
  'Authorization',
  'cookie',
  'privateKey',
])('never writes the value of %s, at any depth', (name) => {
  const { log, text } = capture();
  log.info({ [name]: 'hunter2-hunter2', deep: [{ [name]: 'hunter2-hunter2' }] }, 'x');
  log.child({ [name]: 'hunter2-hunter2' }).info({}, 'y');
  expect(text()).toContain(name);
  expect(text()).not.toContain('hunter2');
});

it('hides passwords inside addresses and authorisation headers inside texts, also in messages and causes', () => {
  const { log, text } = capture();
  const cause = new TypeError('connect postgres://studio:hunter2@127.0.0.1:5432/studio');
  log.error(
    { error: new StudioError('STORE_UNAVAILABLE', 'no answer', { cause }) },
    'redis://:hunter2@h/0 Bearer hunter2hunter2',
  );
  expect(text()).not.toContain('hunter2');
  expect(text()).toContain('STORE_UNAVAILABLE');
  expect(text()).toContain('postgres://studio:…@127.0.0.1:5432/studio');
});

it('keeps names that only resemble secrets', () => {
  expect(redactFields({ tokens: 12, maxTokens: 64, keyCount: 2, secretSet: true })).toEqual({
    tokens: 12,
    maxTokens: 64,
    keyCount: 2,
    secretSet: true,
  });
});

it('writes sizes instead of vectors and cuts endless lists and circles', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const fields = redactFields({
    vector: new Float32Array(384),
    list: Array.from({ length: 60 }, (_, at) => at),
    circle,
  });
  expect(fields.vector).toBe('[1536 bytes]');
  expect(fields.list).toHaveLength(51);
  expect(JSON.stringify(fields)).toContain('[deeper]');
});
