import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { ModelServer, ObjectStore, ServiceDirectory, ServiceFacts } from '@embedding-studio/contracts';
import { placeOfObjects } from './open-object-store.ts';
import type { StudioSettings } from './settings.ts';

const timeoutMs = 3_000;

export interface ServiceParts {
  settings: StudioSettings;
  /** Each tells its version. */
  postgres: { describe(): Promise<string> };
  mongo: { describe(): Promise<string> };
  objects: Pick<ObjectStore, 'listObjects'>;
  modelServer: ModelServer;
}

interface Probe {
  service: string;
  where: string;
  /** Answers with a version, or null where the service tells none. */
  ask(): Promise<string | null>;
}

export function createServiceDirectory(parts: ServiceParts): ServiceDirectory {
  return { describeServices: () => Promise.all(probesOf(parts).map(tryProbe)) };
}

function probesOf({ settings, postgres, mongo, objects, modelServer }: ServiceParts): Probe[] {
  const { REDIS_URL } = settings;
  const modelServerAnswers = async () => ((await modelServer.isReady()) ? null : Promise.reject(new TypeError('away')));
  return [
    { service: 'PostgreSQL', where: hostOf(settings.DATABASE_URL), ask: () => postgres.describe() },
    { service: 'MongoDB', where: hostOf(settings.MONGODB_URL), ask: () => mongo.describe() },
    REDIS_URL === undefined
      ? { service: 'Queue', where: 'in PostgreSQL', ask: () => postgres.describe() }
      : { service: 'Queue (Redis)', where: hostOf(REDIS_URL), ask: () => reach(REDIS_URL) },
    {
      service: 'Object store',
      where: placeOfObjects(settings),
      ask: () => objects.listObjects('answers').then(() => null),
    },
    {
      service: 'Model server',
      where: hostOf(settings.TRITON_GRPC_URL ?? settings.TRITON_URL),
      ask: modelServerAnswers,
    },
  ];
}

async function tryProbe({ service, where, ask }: Probe): Promise<ServiceFacts> {
  const start = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TypeError('late')), timeoutMs);
  });
  try {
    const version = await Promise.race([ask(), late]);
    return { service, where, version, answerMs: performance.now() - start };
  } catch {
    return { service, where, version: null, answerMs: null };
  } finally {
    clearTimeout(timer);
  }
}

/** Host, port and path of an address that may carry a password. */
function hostOf(address: string): string {
  const rest = address.replace(/^[a-z0-9+.-]+:\/\//i, '').replace(/[?#].*$/s, '');
  return rest.slice(rest.lastIndexOf('@') + 1);
}

function reach(address: string): Promise<null> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) || 6379, timeout: timeoutMs });
    const end = (act: () => void) => () => {
      socket.destroy();
      act();
    };
    socket.once(
      'connect',
      end(() => resolve(null)),
    );
    socket.once(
      'timeout',
      end(() => reject(new TypeError('late'))),
    );
    socket.once('error', reject);
  });
}
