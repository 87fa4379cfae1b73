import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * Writes what an earlier release left in its stores, to be read by later ones. Run with that release's checkout as the
 * working folder, since everything but this file is its own:
 *
 *   git worktree add ../earlier COMMIT && cd ../earlier && npm ci --ignore-scripts
 *   node --import tsx ../studio/packages/core/test/upgrade/keep-release.ts PG_DUMP FILE.json.gz
 */
const [pgDump = 'pg_dump', target = 'release.json.gz'] = process.argv.slice(2);
const here = (path: string) => import(join(process.cwd(), path));
const { MongoClient, BSON } = createRequire(join(process.cwd(), 'packages/db/package.json'))('mongodb');
const { openShop, requestTuning } = await here('packages/core/test/rollout-world.ts');
const { drainTasks } = await here('packages/testing/src/studio/index.ts');
const { createApiKey, pushEvents, requestUpsertion } = await here('packages/core/src/index.ts');

const studio = await openShop();
const { ctx, deps } = studio;
await requestTuning(studio);
await drainTasks(deps);
await createApiKey({ ctx, input: { name: 'shop', scopes: ['search', 'clickstream'] } });
const [batch] = await deps.sessions.listBatches({ offset: 0, limit: 1 });
const page = { batchId: batch.batchId, afterNumber: 0, limit: 1, eventsLimit: 10 };
const [session] = await deps.sessions.listBatchSessions(page);
await pushEvents({ ctx, input: { sessionId: session.sessionId, events: [{ eventId: 'last', itemId: 'boots-0' }] } });
// Accepted, and not begun: the next release has to do it.
await requestUpsertion({ ctx, input: { id: 'left over', items: [{ id: 'late', title: 'an item of the last day' }] } });

const sql = execFileSync(pgDump, ['--no-owner', '--column-inserts', '--rows-per-insert=100', studio.postgres.url], {
  maxBuffer: 100_000_000,
}).toString();
const client = await new MongoClient(studio.mongo.url).connect();
const database = client.db(studio.mongo.database);
const documents: Record<string, unknown> = {};
for (const { name } of await database.listCollections().toArray())
  documents[name] = BSON.EJSON.serialize(await database.collection(name).find().toArray());
const files: Record<string, string> = {};
for (const name of readdirSync(studio.folder, { recursive: true }).map(String)) {
  const path = join(studio.folder, name);
  if (/^(objects|served)\//.test(name) && statSync(path).isFile()) files[name] = readFileSync(path).toString('base64');
}
const at = new Date().toISOString();
writeFileSync(target, gzipSync(JSON.stringify({ at, sql, documents, files }), { level: 9 }));
await client.close();
await studio.close();
process.exit(0);
