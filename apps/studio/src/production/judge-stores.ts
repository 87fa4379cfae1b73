import type { MongoFacts } from '@embedding-studio/db/mongo';
import type { PostgresFacts, StandbyFacts } from '@embedding-studio/db/postgres';
import { compareVersions } from '../services/compare-versions.ts';
import { oldestPgvector, oldestPostgres } from '../services/find-postgres.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import type { RedisFacts } from './redis-facts.ts';

const oldestMongo = '6.0.0';
const oldestRedis = '7.0.0';
/** Two gateways, four workers and a console with pools of ten, each with its searches' own. */
const connectionsMin = 150;

export function judgePostgres(facts: PostgresFacts): Finding[] {
  const { version, pgvector, maxConnections, durability, isEncrypted } = facts;
  const isOld = Number.parseInt(version, 10) < oldestPostgres;
  const lost = Object.entries(durability).filter(([, value]) => value === 'off');
  return [
    isOld ? fail('PostgreSQL', version, `Use ${oldestPostgres} or newer.`) : ok('PostgreSQL', version),
    pgvector === null || compareVersions(pgvector, oldestPgvector) < 0
      ? fail('pgvector', pgvector ?? 'is missing', `Install ${oldestPgvector} or newer on the server.`)
      : ok('pgvector', pgvector),
    maxConnections < connectionsMin
      ? warn(
          'max_connections',
          String(maxConnections),
          `Processes × projects × DATABASE_POOL_MAX × 2; ${connectionsMin} or more.`,
        )
      : ok('max_connections', String(maxConnections)),
    lost.length > 0
      ? fail(
          'durability',
          `${lost.map(([name]) => name).join(', ')} off`,
          'Turn them on: a crash loses what was acknowledged.',
        )
      : ok('durability', 'fsync, full_page_writes and synchronous_commit are on'),
    isEncrypted
      ? ok('PostgreSQL, TLS', 'on')
      : warn('PostgreSQL, TLS', 'off', 'Add ?sslmode=verify-full where others share the network.'),
    judgeClock('clock, PostgreSQL', facts.aheadMs),
  ];
}

const lagBytesMax = 16 * 2 ** 20;

/** One line for each standby, and one for its way there. */
export function judgeStandby(where: string, facts: StandbyFacts): Finding[] {
  const what = `standby ${where}`;
  const { isInRecovery, isOfPrimary, isStreaming, lagBytes, isEncrypted } = facts;
  if (!isInRecovery)
    return [fail(what, 'takes writes', 'DATABASE_REPLICA_URLS names streaming standbys only: take it out.')];
  if (!isOfPrimary)
    return [fail(what, 'follows another server', 'Make it by pg_basebackup of the server at DATABASE_URL.')];
  const lag = `in recovery, ${lagBytes} bytes behind`;
  const isLate = lagBytes === null || lagBytes > lagBytesMax;
  return [
    isLate || !isStreaming
      ? warn(
          what,
          isStreaming ? lag : `${lag}, not streaming`,
          'It is not read until it has caught up: look at its log.',
        )
      : ok(what, lag),
    isEncrypted
      ? ok(`${what}, TLS`, 'on')
      : warn(`${what}, TLS`, 'off', 'Add ?sslmode=verify-full where others share the network.'),
  ];
}

export function judgeMongo({ version, replicaSet, isOpen, aheadMs }: MongoFacts): Finding[] {
  return [
    compareVersions(version, oldestMongo) < 0
      ? fail('MongoDB', version, `Use ${oldestMongo} or newer.`)
      : ok('MongoDB', version),
    replicaSet === null
      ? fail(
          'MongoDB, replica set',
          'none',
          'Run it as a replica set, of one at least: writes are acknowledged by its journal.',
        )
      : ok('MongoDB, replica set', replicaSet),
    isOpen
      ? fail(
          'MongoDB, access',
          'anybody may read it',
          'Turn authorization on (security.authorization, a user and a password).',
        )
      : ok('MongoDB, access', 'asks for a name'),
    ...(aheadMs === null ? [] : [judgeClock('clock, MongoDB', aheadMs)]),
  ];
}

export function judgeRedis({ version, evictionPolicy, isLogged, aheadMs }: RedisFacts): Finding[] {
  return [
    compareVersions(version, oldestRedis) < 0
      ? fail('Redis', version, `Use ${oldestRedis} or newer.`)
      : ok('Redis', version),
    evictionPolicy === 'noeviction'
      ? ok('Redis, eviction', evictionPolicy)
      : fail('Redis, eviction', evictionPolicy, 'Set maxmemory-policy noeviction: the queue loses jobs otherwise.'),
    isLogged
      ? ok('Redis, append-only file', 'on')
      : fail('Redis, append-only file', 'off', 'Set appendonly yes, appendfsync everysec.'),
    judgeClock('clock, Redis', aheadMs),
  ];
}

/** Leases and late events stand a clock that is off by an hour; signatures of requests and sign-ins do not. */
export function judgeClock(what: string, aheadMs: number): Finding {
  const seconds = Math.abs(aheadMs) / 1_000;
  const found = `${seconds.toFixed(1)} s ${aheadMs < 0 ? 'behind' : 'ahead of'} this machine`;
  const advice = 'Run a time service (chrony, systemd-timesyncd) on every machine.';
  if (seconds > 30) return fail(what, found, advice);
  return seconds > 2 ? warn(what, found, advice) : ok(what, found);
}
