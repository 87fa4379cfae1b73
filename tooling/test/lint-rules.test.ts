import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../source-files.ts';

// Each case is a file that breaks one rule; all are linted in one run, in a copy of the tree's skeleton.
interface Case {
  path: string;
  source: string;
  rule: string;
  /** Other files that the case needs. */
  beside?: Record<string, string>;
}

const imports = (name: string) => `import * as door from '${name}';\n\nexport const used = door;\n`;
const own = (name: string) => `@embedding-studio/${name}`;

/** What each package may not import: one example for each wall that stands around it. */
const walls: Record<string, string[]> = {
  'packages/contracts': [
    own('core'),
    own('ml'),
    own('telemetry'),
    own('studio'),
    'pg',
    'drizzle-orm',
    'bullmq',
    'onnxruntime-node',
    '@trpc/server',
    'fastify',
  ],
  'packages/telemetry': [own('db'), own('core'), own('gateway'), 'mongodb', 'ioredis', 'fastify'],
  'packages/stats': [own('ml'), own('core'), own('workers'), 'pg', 'bullmq', 'onnxruntime-node'],
  'packages/ml': [
    own('db'),
    own('core'),
    own('integrations'),
    own('gateway'),
    'pg',
    'bullmq',
    '@trpc/server',
    'fastify',
  ],
  'packages/embedded-mongo': [own('db'), own('core'), own('gateway'), 'pg', 'bullmq', 'onnxruntime-node'],
  'packages/composition': [own('api'), own('sdk'), own('workers'), 'pg', 'mongodb', 'bullmq', 'fastify'],
  'packages/testing': [own('studio'), own('web')],
  'packages/db': [own('queue'), own('core'), own('gateway'), 'bullmq', 'onnxruntime-node', '@trpc/server', 'fastify'],
  'packages/queue': [
    own('db'),
    own('core'),
    own('workers'),
    'pg',
    'drizzle-orm',
    'mongodb',
    'onnxruntime-node',
    'fastify',
  ],
  'packages/integrations': [own('db'), own('core'), own('plugins'), own('studio'), 'pg', 'bullmq', '@trpc/server'],
  'packages/plugins': [own('db'), own('core'), own('api'), own('studio'), 'pg', 'bullmq', '@trpc/server', 'fastify'],
  'packages/core': [
    own('plugins'),
    own('integrations'),
    own('db'),
    own('api'),
    own('gateway'),
    'pg',
    'mongodb',
    'bullmq',
    'onnxruntime-node',
    '@trpc/server',
    'fastify',
  ],
  'packages/api': [own('db'), own('sdk'), own('gateway'), 'pg', 'bullmq', 'onnxruntime-node', 'fastify'],
  'packages/sdk': [own('core'), own('db'), own('gateway'), 'pg', 'bullmq', 'onnxruntime-node', 'fastify'],
  'apps/gateway': [own('workers'), own('studio'), 'pg', 'bullmq', 'onnxruntime-node'],
  'apps/workers': [own('gateway'), 'drizzle-orm', 'ioredis', 'onnxruntime-node', 'fastify'],
  'apps/studio': [own('gateway'), own('workers'), 'mongodb', 'bullmq', 'onnxruntime-node'],
};

const wallCases = Object.entries(walls).flatMap(([folder, names]) =>
  names.map((name): Case => {
    const file = `walls-${name.replace(/[^a-z]+/g, '-').replace(/^-/, '')}.ts`;
    return { path: `${folder}/src/${file}`, source: imports(name), rule: 'lint/style/noRestrictedImports' };
  }),
);

const lines = (count: number) => Array.from({ length: count }, (_, at) => `export const row${at} = ${at};\n`).join('');
const longFunction = (count: number) => {
  const body = Array.from({ length: count }, (_, at) => `  const row${at} = seed + ${at};\n`);
  const sum = Array.from({ length: count }, (_, at) => `row${at}`).join(', ');
  return `// biome-ignore format: one line each\nexport function grow(seed: number): number[] {\n${body.join('')}  return [${sum}];\n}\n`;
};

const limitCases: Case[] = [
  { path: 'packages/core/src/long-file.ts', source: lines(301), rule: 'lint/style/noExcessiveLinesPerFile' },
  { path: 'packages/core/test/long-file.test.ts', source: lines(601), rule: 'lint/style/noExcessiveLinesPerFile' },
  {
    path: 'packages/db/src/long-function.ts',
    source: longFunction(61),
    rule: 'lint/complexity/noExcessiveLinesPerFunction',
  },
  {
    path: 'packages/api/src/many-params.ts',
    source: 'export function add(a: number, b: number, c: number, d: number): number {\n  return a + b + c + d;\n}\n',
    rule: 'lint/complexity/useMaxParams',
  },
  {
    path: 'packages/queue/src/ambient.ts',
    source: 'export const home = process.env.HOME;\n',
    rule: 'lint/style/noProcessEnv',
  },
  {
    path: 'apps/workers/src/ambient.ts',
    source: 'export const home = process.env.HOME;\n',
    rule: 'lint/style/noProcessEnv',
  },
  { path: 'packages/ml/src/loose.ts', source: 'export let loose: any;\n', rule: 'lint/suspicious/noExplicitAny' },
  {
    path: 'packages/stats/src/sure.ts',
    source: 'export const first = (list: number[]): number => list[0]!;\n',
    rule: 'lint/style/noNonNullAssertion',
  },
  {
    path: 'packages/sdk/src/silenced.ts',
    source: "// @ts-ignore\nexport const wrong: number = 'one';\n",
    rule: 'lint/suspicious/noTsIgnore',
  },
  {
    path: 'packages/plugins/src/typed.ts',
    source: "import { Shape } from './shape.ts';\n\nexport const empty: Shape = {};\n",
    beside: { 'packages/plugins/src/shape.ts': 'export interface Shape {\n  sides?: number;\n}\n' },
    rule: 'lint/style/useImportType',
  },
  {
    path: 'packages/core/src/circle-a.ts',
    source: "import { b } from './circle-b.ts';\n\nexport const a = () => b;\n",
    beside: { 'packages/core/src/circle-b.ts': "import { a } from './circle-a.ts';\n\nexport const b = () => a;\n" },
    rule: 'lint/suspicious/noImportCycles',
  },
  {
    path: 'packages/integrations/src/camelCase.ts',
    source: 'export const x = 1;\n',
    rule: 'lint/style/useFilenamingConvention',
  },
];

const bare = "export function refuse(): never {\n  throw new Error('no');\n}\n";
const bareCases = ['core', 'stats', 'ml', 'db', 'queue', 'integrations', 'api', 'plugins', 'sdk'].map(
  (name) => `packages/${name}`,
);
const ambient = { now: 'Date.now()', random: 'Math.random()', date: 'new Date()' };
const pluginCases: Case[] = [
  ...[...bareCases, 'apps/gateway', 'apps/workers', 'apps/studio'].map((folder) => ({
    path: `${folder}/src/bare-error.ts`,
    source: bare,
    rule: 'plugin',
  })),
  ...['core', 'stats', 'ml'].flatMap((name) =>
    Object.entries(ambient).map(([what, code]) => ({
      path: `packages/${name}/src/ambient-${what}.ts`,
      source: `export const ambient = () => ${code};\n`,
      rule: 'plugin',
    })),
  ),
];

/** Close to each limit, and through each door that is open: must pass. */
const conforming: Record<string, string> = {
  'packages/core/src/longest-file.ts': lines(300),
  'packages/core/test/longest-file.test.ts': lines(600),
  'packages/db/src/opens-pg.ts': imports('pg'),
  'packages/queue/src/opens-bullmq.ts': imports('bullmq'),
  'packages/ml/src/opens-runtime.ts': imports('onnxruntime-node'),
  'packages/core/src/opens-contracts.ts': imports(own('contracts')),
  'apps/gateway/src/opens-fastify.ts': imports('fastify'),
  'apps/gateway/src/settings.ts': 'export const home = process.env.HOME;\n',
  'apps/studio/src/environment.ts': 'export const home = process.env.HOME;\n',
  'packages/api/src/three-params.ts': 'export const add = (a: number, b: number, c: number): number => a + b + c;\n',
  'packages/core/test/bare-error.test.ts': bare,
  'packages/ml/src/given-date.ts': 'export const atStart = () => new Date(0);\n',
};

const cases = [...wallCases, ...limitCases, ...pluginCases];
let root = '';
let found = new Map<string, Set<string>>();

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

interface Diagnostic {
  category: string;
  severity: string;
  location: { path: string | { file: string } | null };
}

function lint(): Diagnostic[] {
  const args = ['lint', '--reporter=json', '--max-diagnostics=none', '.'];
  try {
    return JSON.parse(
      execFileSync(join(repositoryRoot, 'node_modules/.bin/biome'), args, {
        cwd: root,
        encoding: 'utf8',
        stdio: 'pipe',
      }),
    ).diagnostics;
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout).diagnostics;
  }
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'studio-lint-'));
  for (const name of ['biome.json', '.gitignore', 'package.json']) cpSync(join(repositoryRoot, name), join(root, name));
  cpSync(join(repositoryRoot, 'tooling/lint'), join(root, 'tooling/lint'), { recursive: true });
  symlinkSync(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'));
  for (const each of cases)
    for (const [path, text] of Object.entries({ [each.path]: each.source, ...each.beside })) write(path, text);
  for (const [path, text] of Object.entries(conforming)) write(path, text);
  found = new Map();
  for (const { category, location } of lint()) {
    const path = typeof location.path === 'string' ? location.path : (location.path?.file ?? '');
    found.set(path, (found.get(path) ?? new Set()).add(category));
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a file that breaks one rule is reported for exactly that', () => {
  it.each(cases)('$rule in $path', ({ path, rule }) => {
    expect([...(found.get(path) ?? [])]).toEqual([rule]);
  });
});

describe('a file that keeps the rules is not reported', () => {
  it.each(Object.keys(conforming))('%s', (path) => {
    expect([...(found.get(path) ?? [])]).toEqual([]);
  });
});
