import { createFolderObjectStore } from '@embedding-studio/integrations/object-store';
import { openMongo } from '../src/mongo/index.ts';

/** Registers sessions in bulk until it is killed; prints a line per finished call. */
const [url = '', database = '', name = ''] = process.argv.slice(2);
const stores = await openMongo({ url, database, objects: createFolderObjectStore({ folder: '/nonexistent' }) });
for (let call = 0; ; call++) {
  const sessions = Array.from({ length: 40 }, (_, i) => ({
    sessionId: `${name}-${call}-${i}`,
    query: 'q',
    shown: [],
    createdAt: new Date(),
  }));
  await stores.sessions.registerSessions(sessions);
  process.stdout.write(`${call}\n`);
}
