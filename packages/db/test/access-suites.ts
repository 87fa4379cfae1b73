import type { ApiKeyStore, AuditFilter, AuditLog, ModelRecord, ModelStore } from '@embedding-studio/contracts';
import { newId } from '@embedding-studio/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostileTexts } from './item-fixtures.ts';

function makeModel(name: string): Omit<ModelRecord, 'createdAt'> {
  const id = newId('model');
  return {
    id,
    name,
    status: 'registered',
    artefactKey: `models/${id}/`,
    manifest: {
      formatVersion: 1,
      name,
      dims: 3,
      maxTokens: 128,
      inputs: ['input_ids', 'attention_mask'],
      output: 'sentence_embedding',
      queryPrefix: '',
      itemPrefix: '',
      parentId: null,
      method: null,
      trainedOn: null,
      licence: 'Apache-2.0',
      source: 'test',
      files: { 'model.onnx': 'a', 'tokenizer.json': 'b' },
    },
  };
}

/** What every ModelStore guarantees. */
export function testModelStore(makeStore: () => Promise<ModelStore>): void {
  describe('model store', () => {
    let store: ModelStore;
    beforeEach(async () => {
      store = await makeStore();
    });

    it('creates a model once: the same id again changes nothing', async () => {
      const model = makeModel('minilm');
      const created = await store.createModel(model);
      expect(created).toMatchObject(model);
      expect(await store.createModel({ ...model, name: 'other' })).toEqual(created);
      expect(await store.getModel(model.id)).toEqual(created);
    });

    it('finds by name and lists newest first', async () => {
      const models = [makeModel('a'), makeModel('b'), makeModel('a')];
      for (const model of models) await store.createModel(model);
      expect((await store.findModelByName('a'))?.id).toBe(models[2]?.id);
      for (const text of hostileTexts) expect(await store.findModelByName(text)).toBeNull();
      const page = await store.listModels({ after: null, limit: 2 });
      expect(page.map((model) => model.id)).toEqual([models[2]?.id, models[1]?.id]);
      const rest = await store.listModels({ after: page[1]?.id ?? null, limit: 2 });
      expect(rest.map((model) => model.id)).toEqual([models[0]?.id]);
    });

    it('changes the status, and says MODEL_NOT_FOUND for unknown ids', async () => {
      const model = makeModel('a');
      await store.createModel(model);
      await store.updateModelStatus(model.id, 'live');
      expect((await store.getModel(model.id)).status).toBe('live');
      await expect(store.getModel('mdl_none')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
      await expect(store.updateModelStatus('mdl_none', 'live')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    });

    it('replaces the manifest', async () => {
      const model = makeModel('a');
      await store.createModel(model);
      const manifest = { ...model.manifest, licence: 'CC0-1.0' };
      await store.updateModelManifest(model.id, manifest);
      expect((await store.getModel(model.id)).manifest).toEqual(manifest);
      await expect(store.updateModelManifest('mdl_none', manifest)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    });
  });
}

/** What every ApiKeyStore guarantees. */
export function testApiKeyStore(makeStore: () => Promise<ApiKeyStore>): void {
  describe('API key store', () => {
    it('finds a key by the hash of its secret, keeps the first revocation, refuses a second key with one secret', async () => {
      const store = await makeStore();
      const key = {
        id: newId('key'),
        name: 'shop',
        prefix: 'es_abc',
        lastFour: 'wxyz',
        collections: ['live'],
        requestsPerMinute: 60,
        secretHash: 'f00d',
        scopes: ['search' as const, 'clickstream' as const],
        expiresAt: new Date('2030-01-01T00:00:00Z'),
      };
      const created = await store.createApiKey(key);
      expect(created).toMatchObject({ ...key, revokedAt: null });
      expect(await store.findApiKeyByHash('f00d')).toEqual(created);
      for (const text of hostileTexts) expect(await store.findApiKeyByHash(text)).toBeNull();
      await expect(store.createApiKey({ ...key, id: newId('key') })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      const rotation = { id: key.id, prefix: 'es_def', lastFour: '1234', secretHash: 'beef' };
      const previousValidUntil = new Date('2029-01-01T00:00:00Z');
      const rotated = await store.rotateApiKey({ ...rotation, previousValidUntil });
      expect(rotated).toEqual({ ...created, ...rotation, previousSecretHash: 'f00d', previousValidUntil });
      for (const hash of ['f00d', 'beef']) expect(await store.findApiKeyByHash(hash)).toEqual(rotated);
      const at = new Date('2026-05-01T00:00:00Z');
      await store.touchApiKey(key.id, { at, ip: '::1' });
      expect(await store.findApiKeyByHash('beef')).toEqual({ ...rotated, lastUsedAt: at, lastUsedIp: '::1' });
      await store.revokeApiKey(key.id);
      const revoked = await store.findApiKeyByHash('f00d');
      expect(revoked?.revokedAt).toBeInstanceOf(Date);
      await store.revokeApiKey(key.id);
      expect(await store.listApiKeys({ after: null, limit: 5 })).toEqual([revoked]);
      await expect(store.revokeApiKey('key_none')).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'id' });
      for (const id of [key.id, 'key_none'])
        await expect(store.rotateApiKey({ ...rotation, id, previousValidUntil })).rejects.toMatchObject({
          code: 'INPUT_INVALID',
        });
    });
  });
}

/** What every AuditLog guarantees. */
export function testAuditLog(makeLog: () => Promise<AuditLog>): void {
  describe('audit log', () => {
    it('keeps rows in order and pages from the newest', async () => {
      const log = await makeLog();
      for (const subject of ['one', 'two', 'three'])
        await log.record({ actor: 'system:test', action: 'live.switch', subject, detail: { subject } });
      const page = await log.listAudit({ beforeId: null, limit: 2 });
      expect(page.map((row) => row.subject)).toEqual(['three', 'two']);
      const rest = await log.listAudit({ beforeId: page[1]?.id ?? 0, limit: 2 });
      expect(rest).toMatchObject([{ subject: 'one', detail: { subject: 'one' }, actor: 'system:test' }]);
      expect(rest[0]?.at).toBeInstanceOf(Date);
    });

    it('filters by how names begin and by time', async () => {
      const log = await makeLog();
      for (const [actor, action] of [
        ['user:ann', 'key.create'],
        ['user:ben', 'key.revoke'],
        ['system:sweep', 'keyboard.clean'],
      ] as const)
        await log.record({ actor, action, subject: `${action}-1`, detail: {} });
      const list = async (filter: AuditFilter) =>
        (await log.listAudit({ beforeId: null, limit: 9, ...filter })).map(({ action }) => action);
      expect(await list({ actionPrefix: 'key.' })).toEqual(['key.revoke', 'key.create']);
      expect(await list({ actorPrefix: 'user:a', actionPrefix: 'key.' })).toEqual(['key.create']);
      expect(await list({ subjectPrefix: 'keyboard' })).toEqual(['keyboard.clean']);
      expect(await list({ actionPrefix: 'k%' })).toEqual([]);
      const [newest] = await log.listAudit({ beforeId: null, limit: 1 });
      const at = newest?.at ?? new Date(0);
      expect(await list({ actionPrefix: 'keyboard', from: at })).toEqual(['keyboard.clean']);
      expect(await list({ actionPrefix: 'key', until: at })).not.toContain('keyboard.clean');
    });
  });
}
