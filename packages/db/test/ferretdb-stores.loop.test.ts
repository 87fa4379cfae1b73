import { createFolderObjectStore } from '@embedding-studio/integrations/object-store';
import { startFerretdb } from '@embedding-studio/testing/go-programs';
import { afterAll, expect, it } from 'vitest';
import { openMongo } from '../src/mongo/index.ts';

const ferretdb = await startFerretdb();

if (typeof ferretdb === 'string') it.skip(`needs FerretDB: ${ferretdb}`, () => undefined);
else {
  afterAll(() => ferretdb.stop());

  // Once this opens, the suites of mongo-stores.db.test.ts are to be run on it.
  it('lacks indexes that expire documents (the stores do not open without): opens the stores', async () => {
    const objects = createFolderObjectStore({ folder: '/nonexistent' });
    const opened = openMongo({ url: ferretdb.url, database: 'stores', objects }).then(
      (stores) => stores.close().then(() => 'opened'),
      (error: unknown) => (error instanceof Error ? String(error.cause ?? error.message) : String(error)),
    );
    expect(await opened).toMatch(/Index option "expireAfterSeconds" is not implemented yet/);
  });
}
