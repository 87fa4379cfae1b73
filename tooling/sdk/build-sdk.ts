import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { emitTypes } from './emit-types.ts';
import { listWorkspaceSources } from './workspace-sources.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Manifest {
  version: string;
  license: string;
  dependencies: Record<string, string>;
}

/** The package that applications install: one module for browsers and Node, its types, and nothing of the server. */
export async function buildSdk(outFolder: string): Promise<void> {
  await rm(outFolder, { recursive: true, force: true });
  await mkdir(outFolder, { recursive: true });
  const entry = join(root, 'packages/sdk/src/index.ts');
  const sdk = await readManifest('sdk');
  const contracts = await readManifest('contracts');
  const known = { ...contracts.dependencies, ...sdk.dependencies };
  const external = Object.keys(known).filter((name) => !name.startsWith('@embedding-studio/'));
  await build({
    ...{ entryPoints: [entry], outfile: join(outFolder, 'index.js'), bundle: true, format: 'esm' },
    ...{ platform: 'neutral', target: 'es2022', legalComments: 'none', logLevel: 'silent', external },
  });
  const types = emitTypes({ root, entry, sources: listWorkspaceSources(root) });
  for (const [place, text] of types.files) {
    const path = join(outFolder, 'types', place);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  const dependencies = Object.fromEntries(
    external
      .filter((name) => types.externals.has(name) || name in sdk.dependencies)
      .sort()
      .map((name) => [name, known[name]]),
  );
  await writeFile(join(outFolder, 'package.json'), `${JSON.stringify(manifestOf(sdk, dependencies), null, 2)}\n`);
  await cp(join(root, 'packages/sdk/README.md'), join(outFolder, 'README.md'));
  await cp(join(root, 'LICENSE'), join(outFolder, 'LICENSE'));
}

async function readManifest(name: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(root, 'packages', name, 'package.json'), 'utf8')) as Manifest;
}

function manifestOf({ version, license }: Manifest, dependencies: Record<string, string | undefined>) {
  return {
    ...{ name: '@embedding-studio/sdk', version, type: 'module', license, sideEffects: false },
    description: 'Typed client of Embedding Studio: search, ingest, sessions and clicks.',
    ...{ main: './index.js', types: './types/sdk/index.d.ts' },
    exports: { '.': { types: './types/sdk/index.d.ts', default: './index.js' }, './package.json': './package.json' },
    files: ['index.js', 'types'],
    engines: { node: '>=20.19' },
    dependencies,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outFolder = process.argv[2] ?? join(root, 'packages/sdk/dist');
  await buildSdk(outFolder);
  process.stdout.write(`${outFolder}\n`);
}
