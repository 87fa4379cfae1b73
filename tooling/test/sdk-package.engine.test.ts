import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSdk } from '../sdk/build-sdk.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const modules = join(root, 'node_modules');
/** An application that has installed the package and what it depends on. */
let app = '';
let installed = '';
let manifest: { dependencies: Record<string, string> };

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'studio-sdk-app-'));
  installed = join(app, 'node_modules/@embedding-studio/sdk');
  await buildSdk(installed);
  manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  for (const name of Object.keys(manifest.dependencies)) {
    await mkdir(join(app, 'node_modules', name, '..'), { recursive: true });
    await symlink(join(modules, name), join(app, 'node_modules', name));
  }
  await writeFile(join(app, 'package.json'), '{"type":"module"}');
});
afterAll(() => rm(app, { recursive: true, force: true }));

/** The TypeScript of a page. */
async function examplesOf(page: string): Promise<string[]> {
  const text = await readFile(join(root, page), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? '');
}

/** What the compiler says about each of an application's files, and about the package. */
async function compile(files: Record<string, string>): Promise<Record<string, string[]>> {
  const paths = Object.keys(files).map((name) => join(app, name));
  for (const [name, text] of Object.entries(files)) await writeFile(join(app, name), text);
  const program = ts.createProgram(paths, {
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, strict: true },
    ...{ target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'], noEmit: true, types: [] },
  });
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(app));
  const messages = own.map((file) => {
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return [relative(app, file.fileName), found.map((one) => ts.flattenDiagnosticMessageText(one.messageText, ' '))];
  });
  return Object.fromEntries(messages.filter(([, found]) => found?.length));
}

describe('the published package', () => {
  it('has a shape that publint finds no fault with', async () => {
    const { messages } = await publint({ pkgDir: installed, pack: false, strict: true });
    expect(messages).toEqual([]);
  });

  it('has types that resolve wherever its module does', async () => {
    const { stdout } = await promisify(execFile)('npm', ['pack', '--json', '--ignore-scripts'], { cwd: installed });
    const [packed] = JSON.parse(stdout) as { filename: string }[];
    const tarball = await readFile(join(installed, packed?.filename ?? ''));
    const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
    const problems = 'problems' in analysis ? analysis.problems : ['no types'];
    // A module and nothing else: what requires it needs a Node that can require modules.
    expect(problems.filter((problem) => typeof problem === 'string' || problem.kind !== 'CJSResolvesToESM')).toEqual(
      [],
    );
  });

  it('lets an application compile strictly, and refuses calls of the wrong shape', async () => {
    const open = `
      import { createStudioClient, trackSession } from '@embedding-studio/sdk';
      const studio = createStudioClient({ url: 'http://localhost', apiKey: 'k' });`;
    const good = `${open}
      const { hits } = await studio.search.searchItems.query({ query: 'boots', limit: 3 });
      export const ids: string[] = hits.map((hit) => hit.itemId);
      export const at: Date = (await studio.session.getSession.query({ sessionId: 's' })).createdAt;
      trackSession({ url: 'u', apiKey: 'k', sessionId: 's' }).observe(document.body, 'a');`;
    const bad = `${open}
      await studio.search.searchItems.query({ query: 5 });
      await studio.search.noSuchCall.query({});
      (await studio.search.searchItems.query({ query: 'a' })).hits.map((hit) => hit.nothing);`;
    const pages = await Promise.all(['docs/api.md', 'packages/sdk/README.md'].map(examplesOf));
    expect(pages.every((examples) => examples.length > 0)).toBe(true);
    const documented = Object.fromEntries(pages.flat().map((text, index) => [`documented-${index}.ts`, text]));
    const said = await compile({ ...documented, 'good.ts': good, 'bad.ts': bad });
    expect(said).toEqual({ 'bad.ts': [expect.any(String), expect.any(String), expect.any(String)] });
  });

  it('bundles for browsers, without anything of Node or of the server', async () => {
    const path = join(app, 'page.js');
    await writeFile(path, `export * from '@embedding-studio/sdk';`);
    const { outputFiles, metafile } = await build({
      ...{ entryPoints: [path], bundle: true, minify: true, format: 'esm', platform: 'browser', write: false },
      ...{ metafile: true, logLevel: 'silent', absWorkingDir: app },
    });
    const inputs = Object.keys(metafile.inputs);
    expect(inputs.filter((input) => /zod|drizzle|fastify|onnx/.test(input))).toEqual([]);
    expect(outputFiles[0]?.text).not.toMatch(/["']node:/);
    expect(outputFiles[0]?.contents.length).toBeLessThan(80_000);
  });

  it('loads in Node with the names that it promises', async () => {
    const loaded = (await import(pathToFileURL(join(installed, 'index.js')).href)) as Record<string, unknown>;
    expect(Object.keys(loaded).sort()).toEqual([
      'createStudioClient',
      'describeFailure',
      'trackSession',
      'waitForTask',
    ]);
  });

  it('says nothing of where it was built and holds no sources', async () => {
    const files = await readdir(installed, { recursive: true });
    expect(files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))).toEqual([]);
    const types = await readFile(join(installed, 'types/api/router.d.ts'), 'utf8');
    for (const text of [types, await readFile(join(installed, 'index.js'), 'utf8')]) expect(text).not.toContain(root);
  });
});
