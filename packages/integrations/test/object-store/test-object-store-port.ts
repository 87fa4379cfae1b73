import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectStore } from '@embedding-studio/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const text = (value: string) => new TextEncoder().encode(value);
const read = async (store: ObjectStore, key: string) => new TextDecoder().decode(await store.getObject(key));

interface StoreUnderTest {
  /** Gives an empty store and how to end it. */
  createStore: () => Promise<{ store: ObjectStore; close: () => Promise<void> }>;
  /** How finely the store tells times, milliseconds. */
  timeGrainMs: number;
  /** False for a server for tests that writes into the object itself: the guarantee is then shown on another one. */
  replacesAtOnce?: boolean;
}

/** What every ObjectStore adapter must do. */
export function testObjectStorePort(name: string, { createStore, timeGrainMs, replacesAtOnce = true }: StoreUnderTest) {
  describe(`ObjectStore port: ${name}`, () => {
    let store: ObjectStore;
    let close: () => Promise<void>;
    let scratch: string;

    beforeEach(async () => {
      ({ store, close } = await createStore());
      scratch = await mkdtemp(join(tmpdir(), 'objects-'));
    });
    afterEach(async () => {
      await close();
      await rm(scratch, { recursive: true, force: true });
    });

    it('returns the bytes that were put, and the last ones after a second put', async () => {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 31) % 256);
      await store.putObject('models/m1/model.onnx', bytes);
      expect(Buffer.compare(await store.getObject('models/m1/model.onnx'), bytes)).toBe(0);
      await store.putObject('models/m1/model.onnx', text('second'));
      expect(await read(store, 'models/m1/model.onnx')).toBe('second');
    });

    it('keeps an object of no bytes', async () => {
      await store.putObject('empty', new Uint8Array());
      expect(await store.hasObject('empty')).toBe(true);
      expect((await store.getObject('empty')).length).toBe(0);
    });

    it('takes files in and gives files out, making the folders on the way', async () => {
      const source = join(scratch, 'in.bin');
      const target = join(scratch, 'a/b/out.bin');
      await writeFile(source, 'from a file');
      await store.putFile('sets/s1.jsonl', source);
      await writeFile(source, 'changed later');
      await store.getFile('sets/s1.jsonl', target);
      expect(await readFile(target, 'utf8')).toBe('from a file');
      expect(await readdir(join(scratch, 'a/b'))).toEqual(['out.bin']);
    });

    it('says that an object is missing, by code and key', async () => {
      await store.putObject('models/m1/model.onnx', text('x'));
      for (const key of ['models/m2/model.onnx', 'models/m1', 'nothing']) {
        expect(await store.hasObject(key)).toBe(false);
        await expect(store.getObject(key)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
        await expect(store.getFile(key, join(scratch, 'x'))).rejects.toThrow(key);
      }
      expect(await readdir(scratch)).toEqual([]);
    });

    it('lists by whole segments, sorted, with sizes', async () => {
      await store.putObject('models/m1/tokenizer.json', text('{}'));
      await store.putObject('models/m1/model.onnx', text('12345'));
      await store.putObject('models/m10/model.onnx', text('1'));
      const expected = [
        { key: 'models/m1/model.onnx', bytes: 5 },
        { key: 'models/m1/tokenizer.json', bytes: 2 },
      ];
      expect(await store.listObjects('models/m1')).toMatchObject(expected);
      expect(await store.listObjects('models/m1/')).toMatchObject(expected);
      const [before] = await store.listObjects('models/m1/model.onnx');
      expect(before).toMatchObject(expected[0] ?? {});
      await new Promise((resolve) => setTimeout(resolve, timeGrainMs + 5));
      await store.putObject('models/m1/model.onnx', text('12345'));
      const [after] = await store.listObjects('models/m1/model.onnx');
      expect(after?.writtenAt.getTime()).toBeGreaterThan(before?.writtenAt.getTime() ?? Number.NaN);
      expect((await store.listObjects('')).length).toBe(3);
      expect(await store.listObjects('other/')).toEqual([]);
    });

    it('deletes what is under a prefix and nothing beside it', async () => {
      await store.putObject('models/m1/model.onnx', text('1'));
      await store.putObject('models/m10/model.onnx', text('10'));
      await store.deleteObjects('models/m1');
      await store.deleteObjects('models/never-there/');
      expect((await store.listObjects('')).map((entry) => entry.key)).toEqual(['models/m10/model.onnx']);
    });

    it('refuses to delete everything at once', async () => {
      await store.putObject('models/m1/model.onnx', text('1'));
      await expect(store.deleteObjects('')).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'key' });
      expect(await store.hasObject('models/m1/model.onnx')).toBe(true);
    });

    it.each(['', '/etc/passwd', '../x', 'a/../../x', 'a//b', './a', 'a/.hidden', 'a\\..\\b', 'a\0b', 'x'.repeat(600)])(
      'refuses the key %j in every verb',
      async (key) => {
        const refused = { code: 'INPUT_INVALID', field: 'key' };
        await expect(store.putObject(key, text('x'))).rejects.toMatchObject(refused);
        await expect(store.putFile(key, join(scratch, 'none'))).rejects.toMatchObject(refused);
        await expect(store.getObject(key)).rejects.toMatchObject(refused);
        await expect(store.getFile(key, join(scratch, 'none'))).rejects.toMatchObject(refused);
        await expect(store.hasObject(key)).rejects.toMatchObject(refused);
        await expect(store.deleteObjects(key)).rejects.toMatchObject(refused);
        if (key !== '') await expect(store.listObjects(key)).rejects.toMatchObject(refused);
      },
    );

    it.skipIf(!replacesAtOnce)('gives a reader one whole version while writers replace the object', async () => {
      const version = (value: number) => new Uint8Array(200_000).fill(value);
      await store.putObject('hot', version(0));
      const writers = Array.from({ length: 8 }, (_, index) => store.putObject('hot', version(index + 1)));
      const readers = Array.from({ length: 8 }, () => store.getObject('hot'));
      for (const bytes of await Promise.all(readers)) {
        expect(bytes.length).toBe(200_000);
        expect(new Set(bytes).size).toBe(1);
      }
      await Promise.all(writers);
      expect((await store.listObjects('')).map((entry) => entry.key)).toEqual(['hot']);
    });
  });
}
