import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderObjectStore } from '../../src/object-store/index.ts';
import { testObjectStorePort } from './test-object-store-port.ts';

testObjectStorePort('folder', {
  timeGrainMs: 1,
  createStore: async () => {
    const parent = await mkdtemp(join(tmpdir(), 'object-store-'));
    return {
      store: createFolderObjectStore({ folder: join(parent, 'not/yet/there') }),
      close: () => rm(parent, { recursive: true, force: true }),
    };
  },
});

describe('folder object store', () => {
  let parent: string;
  let folder: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'object-store-'));
    folder = join(parent, 'objects');
    await mkdir(folder);
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  it('does not follow a symbolic link out of its folder', async () => {
    const store = createFolderObjectStore({ folder });
    await mkdir(join(parent, 'outside'));
    await writeFile(join(parent, 'outside/secret'), 'secret');
    await symlink(join(parent, 'outside'), join(folder, 'link'));
    await symlink(join(parent, 'outside/secret'), join(folder, 'file-link'));
    const refused = { code: 'INPUT_INVALID', field: 'key' };
    await expect(store.getObject('link/secret')).rejects.toMatchObject(refused);
    await expect(store.getObject('file-link')).rejects.toMatchObject(refused);
    await expect(store.putObject('link/mine', new Uint8Array(1))).rejects.toMatchObject(refused);
    await expect(store.listObjects('link/secret')).rejects.toMatchObject(refused);
    expect(await store.listObjects('')).toEqual([]);
    await expect(store.deleteObjects('link/secret')).rejects.toMatchObject(refused);
    expect(await readdir(join(parent, 'outside'))).toEqual(['secret']);
  });

  it('leaves the old object in place when a write fails half-way', async () => {
    const store = createFolderObjectStore({ folder });
    await store.putObject('models/m1', new Uint8Array([1]));
    await expect(store.putFile('models/m1', join(parent, 'missing-source'))).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      field: 'path',
    });
    await expect(store.putFile('models/m1', parent)).rejects.toThrow();
    expect(await store.getObject('models/m1')).toEqual(new Uint8Array([1]));
    expect(await readdir(join(folder, '.unfinished'))).toEqual([]);
  });

  it('names the key that collides with a folder', async () => {
    const store = createFolderObjectStore({ folder });
    await store.putObject('a/b', new Uint8Array([1]));
    await expect(store.putObject('a', new Uint8Array([2]))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(store.putObject('a/b/c', new Uint8Array([2]))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await store.getObject('a/b')).toEqual(new Uint8Array([1]));
  });
});
