import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { envExample, envExamplePath } from '../env-example.ts';

it('is what the settings schemas say', () => {
  expect(readFileSync(envExamplePath, 'utf8')).toBe(envExample());
});

it('names each variable once', () => {
  const names = [...envExample().matchAll(/^# ([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]);
  expect(names).toContain('DATABASE_URL');
  expect(new Set(names).size).toBe(names.length);
});
