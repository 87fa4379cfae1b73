import { randomUUID } from 'node:crypto';
import {
  openObjectStore,
  parseSettings,
  placeOfObjects,
  type StudioSettings,
  studioFragment,
} from '@embedding-studio/composition';
import { inspectMongo } from '@embedding-studio/db/mongo';
import { inspectPostgres, inspectStandby } from '@embedding-studio/db/postgres';
import { type Environment, type Finding, fail, ok } from './finding.ts';
import { judgeSettings } from './judge-settings.ts';
import { judgeMongo, judgePostgres, judgeRedis, judgeStandby } from './judge-stores.ts';
import { inspectRedis } from './redis-facts.ts';

const timeoutMs = 5_000;

/** Everything that production rests on, asked for real. Nothing is changed but one object, which is taken away again. */
export async function lookAround(environment: Environment): Promise<Finding[]> {
  const settings = judgeSettings(environment);
  const parsed = parseOrTell(environment);
  const { DATABASE_URL, MONGODB_URL, REDIS_URL, TRITON_URL, MLFLOW_TRACKING_URI } = environment;
  const looks = [
    ask('PostgreSQL', DATABASE_URL, async (url) => judgePostgres(await inspectPostgres(url))),
    ...standbysOf(environment),
    ask('MongoDB', MONGODB_URL, async (url) => judgeMongo(await inspectMongo(url))),
    ask('Redis', REDIS_URL, async (url) => judgeRedis(await inspectRedis(url))),
    ask('model server', TRITON_URL, (url) => askHttp('model server', `${url}/v2/health/ready`)),
    ask('MLflow', MLFLOW_TRACKING_URI, (url) => askHttp('MLflow', `${url}/health`)),
    'settings' in parsed ? ask('objects', '-', () => writeObject(parsed.settings)) : [],
  ];
  const found = await Promise.all(looks);
  return [...settings, ...('fault' in parsed ? [parsed.fault] : []), ...found.flat()];
}

/** A standby that is away fails nothing but itself: searches do without it. */
function standbysOf({ DATABASE_URL = '', DATABASE_REPLICA_URLS = '' }: Environment): Promise<Finding[]>[] {
  const urls = DATABASE_REPLICA_URLS.split(',').flatMap((url) => url.trim() || []);
  return urls.map((url) => {
    const where = URL.canParse(url) ? new URL(url).host : 'with a faulty address';
    return ask(`standby ${where}`, url, async () => judgeStandby(where, await inspectStandby(url, DATABASE_URL)));
  });
}

function parseOrTell(environment: Environment): { settings: StudioSettings } | { fault: Finding } {
  try {
    return { settings: parseSettings(studioFragment, environment) };
  } catch (error) {
    return { fault: fail('settings', messageOf(error).replace(/\s+/g, ' '), 'See .env.example.') };
  }
}

/** Nothing where there is no address: whether one is needed is a matter of the settings. */
async function ask(
  what: string,
  url: string | undefined,
  look: (url: string) => Promise<Finding[]>,
): Promise<Finding[]> {
  if (url === undefined || url === '') return [];
  try {
    return await look(url.replace(/\/$/, ''));
  } catch (error) {
    return [fail(what, messageOf(error), 'Start it, or mend its address, name and password.')];
  }
}

async function askHttp(what: string, url: string): Promise<Finding[]> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  await answer.body?.cancel();
  const state = `answers with ${answer.status}`;
  return [
    answer.ok ? ok(what, 'ready') : fail(what, state, `Look at its log: ${new URL(url).pathname} should be 200.`),
  ];
}

async function writeObject(settings: StudioSettings): Promise<Finding[]> {
  const objects = openObjectStore(settings);
  const folder = `doctor/${randomUUID()}`;
  const key = `${folder}/probe`;
  await objects.putObject(key, new TextEncoder().encode(key));
  const read = new TextDecoder().decode(await objects.getObject(key));
  await objects.deleteObjects(folder);
  const place = placeOfObjects(settings);
  return [
    read === key
      ? ok('objects', `${place}: written, read, taken away`)
      : fail('objects', 'reads other bytes', 'Use another store.'),
  ];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
