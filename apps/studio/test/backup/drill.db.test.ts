import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  importSessions,
  registerBaseModel,
  requestInitialIndex,
  requestUpsertion,
  searchItems,
} from '@embedding-studio/core';
import { countDocuments, restoreDocuments } from '@embedding-studio/db/mongo';
import { countRows, emptyDatabase } from '@embedding-studio/db/postgres';
import { databaseUrl, runAdmin } from '@embedding-studio/testing/postgres';
import {
  drainTasks,
  slangWorld,
  startTestStudio,
  type TestStudio,
  writeWordArtefact,
} from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backUp, type ProjectStores } from '../../src/backup/back-up.ts';
import { deleteOwnObjects } from '../../src/backup/own-objects.ts';
import { type DumpPrograms, dumpDatabase, findDumpPrograms, restoreDatabase } from '../../src/backup/postgres-dump.ts';
import { restore } from '../../src/backup/restore.ts';

const world = slangWorld({ itemsPerTopic: 8, sessionsPerTopic: 16 });
const say = () => undefined;
let studio: TestStudio;
let project: ProjectStores;
let programs: DumpPrograms;
let folder: string;

/** The golden queries: what customers asked, and the ids that they are shown. */
async function goldenAnswers(): Promise<string[][]> {
  const queries = [...new Set(world.sessions.map(({ query }) => query))].slice(0, 20);
  return Promise.all(
    queries.map(async (query) => {
      const { hits } = await searchItems({ ctx: studio.ctx, input: { query, limit: 10 } });
      return hits.map(({ itemId }) => itemId);
    }),
  );
}

async function wipe(): Promise<void> {
  await emptyDatabase(project.databaseUrl, []);
  const nothing = await mkdtemp(join(tmpdir(), 'studio-nothing-'));
  await restoreDocuments(project.documents, nothing);
  await deleteOwnObjects(project.objects);
  await rm(nothing, { recursive: true });
}

/** As an administrator sets a database up for a product that he does not trust. */
async function createOwnedDatabase(adminUrl: string) {
  const name = `owned_${randomBytes(6).toString('hex')}`;
  const ownUrl = new URL(databaseUrl(adminUrl, name));
  await runAdmin(adminUrl, `CREATE ROLE ${name} LOGIN PASSWORD '${name}'`);
  await runAdmin(adminUrl, `CREATE DATABASE ${name} OWNER ${name}`);
  for (const extension of ['vector', 'unaccent'])
    await runAdmin(ownUrl.href, `CREATE EXTENSION IF NOT EXISTS ${extension}`);
  ownUrl.username = name;
  ownUrl.password = name;
  return {
    url: ownUrl.href,
    drop: async () => {
      await runAdmin(adminUrl, `DROP DATABASE ${name}`);
      await runAdmin(adminUrl, `DROP ROLE ${name}`);
    },
  };
}

beforeAll(async () => {
  programs = await findDumpPrograms();
  folder = await mkdtemp(join(tmpdir(), 'studio-backup-'));
  studio = await startTestStudio();
  const { ctx, deps, postgres, mongo } = studio;
  const documents = { url: mongo.url, database: mongo.database };
  project = { slug: 'default', databaseUrl: postgres.url, documents, objects: deps.objects };
  const base = await registerBaseModel({ ctx, input: { folder: await writeWordArtefact(`${studio.folder}/base`) } });
  await requestUpsertion({ ctx, input: { id: 'items', items: world.items } });
  await requestInitialIndex({ ctx, input: { modelId: base.id } });
  await drainTasks(deps);
  await importSessions({ ctx, input: { sessions: world.sessions } });
});
afterAll(async () => {
  await studio?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('backup, wipe, restore', () => {
  it('answers the golden queries with the same ids, and keeps every document and object', async () => {
    const place = join(folder, 'drill');
    const before = await goldenAnswers();
    const kept = { rows: await countRows(project.databaseUrl), documents: await countDocuments(project.documents) };
    expect(before.every((ids) => ids.length > 0)).toBe(true);
    await backUp({ folder: place, projects: [project], programs, say });
    await wipe();
    expect(await countRows(project.databaseUrl)).toEqual({});
    await restore({ folder: place, projects: [project], programs, say, force: false });
    expect(await countRows(project.databaseUrl)).toEqual(kept.rows);
    expect(await countDocuments(project.documents)).toEqual(kept.documents);
    expect(await goldenAnswers()).toEqual(before);
  });

  it('refuses an installation in use, and with force puts back what was backed up', async () => {
    const place = join(folder, 'used');
    const before = await goldenAnswers();
    await backUp({ folder: place, projects: [project], programs, say });
    await expect(restore({ folder: place, projects: [project], programs, say, force: false })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      field: 'force',
    });
    const more = world.items.slice(0, 3).map((item) => ({ ...item, id: `more-${item.id}` }));
    await requestUpsertion({ ctx: studio.ctx, input: { id: 'more', items: more } });
    await drainTasks(studio.deps);
    await restore({ folder: place, projects: [project], programs, say, force: true });
    expect(await goldenAnswers()).toEqual(before);
  });

  it('needs no more than the database’s owner may: extensions are the administrator’s', async () => {
    const owner = await createOwnedDatabase(project.databaseUrl);
    try {
      await restoreDatabase(programs, owner.url, join(folder, 'drill/default/postgres.dump'));
      await dumpDatabase(programs, owner.url, join(folder, 'owned.dump'));
      await restoreDatabase(programs, owner.url, join(folder, 'owned.dump'));
      expect(await countRows(owner.url)).toEqual(await countRows(project.databaseUrl));
    } finally {
      await owner.drop();
    }
  });

  it('touches nothing where the backup is damaged, incomplete or in a folder that held something', async () => {
    const place = join(folder, 'damaged');
    await backUp({ folder: place, projects: [project], programs, say });
    const rows = await countRows(project.databaseUrl);
    await expect(backUp({ folder: place, projects: [project], programs, say })).rejects.toMatchObject({
      field: 'folder',
    });
    const [first = ''] = await readdir(join(place, 'default/documents'));
    await appendFile(join(place, 'default/documents', first), 'x');
    const options = { folder: place, projects: [project], programs, say, force: true };
    await expect(restore(options)).rejects.toThrow(`default/documents/${first} is not what was backed up`);
    await rm(join(place, 'manifest.json'));
    await expect(restore(options)).rejects.toThrow('no whole backup');
    expect(await countRows(project.databaseUrl)).toEqual(rows);
  });
});
