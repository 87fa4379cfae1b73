import { StudioError } from '@embedding-studio/contracts';
import { buildPgvector } from './build-pgvector.ts';
import { compareVersions } from './compare-versions.ts';
import { findPostgres, hasPgvector, oldestPgvector, oldestPostgres, type PostgresPrograms } from './find-postgres.ts';
import { findProgram } from './find-program.ts';
import type { Machine } from './machine.ts';
import { installCommand } from './system-packages.ts';

const compilerPackages = ['gcc', 'libc6-dev'];

async function installPostgres(machine: Machine, clusterMajor: number | null): Promise<PostgresPrograms> {
  const name = clusterMajor === null ? 'postgresql' : `postgresql-${clusterMajor}`;
  if (machine.packages.refusal !== null)
    throw new StudioError(
      'SOURCE_UNREACHABLE',
      `PostgreSQL ${clusterMajor ?? `${oldestPostgres} or newer`} is missing, and ${machine.packages.refusal}.\n` +
        `  Install it:  ${installCommand([name])}\n  or use a server of your own:  DATABASE_URL=postgres://…`,
    );
  await machine.packages.install([name]);
  const found = await findPostgres(machine.searchPath, clusterMajor);
  if (found !== null) return found;
  throw new StudioError(
    'SOURCE_UNREACHABLE',
    `The Debian package ${name} did not bring PostgreSQL ${clusterMajor ?? oldestPostgres} or newer: set DATABASE_URL.`,
  );
}

async function installPgvector(machine: Machine, postgres: PostgresPrograms): Promise<void> {
  const name = `postgresql-${postgres.major}-pgvector`;
  const candidate = await machine.packages.findCandidate(name);
  if (candidate !== null && compareVersions(candidate, oldestPgvector) >= 0) return machine.packages.install([name]);
  machine.progress.say(`building pgvector ${oldestPgvector} or newer from Debian's source (no prebuilt package fits)`);
  if (findProgram(['gcc'], machine.searchPath) === null) await machine.packages.install(compilerPackages);
  await buildPgvector({ postgres, env: machine.env, progress: machine.progress });
}

function refusePgvector(machine: Machine, postgres: PostgresPrograms): StudioError {
  const state = postgres.pgvector === null ? 'has no pgvector' : `has pgvector ${postgres.pgvector}, which is too old`;
  return new StudioError(
    'SOURCE_UNREACHABLE',
    `PostgreSQL ${postgres.version} ${state}, and ${machine.packages.refusal}.\n` +
      `  Install it:  sudo ${machine.command} doctor --install\n  or use a server of your own:  DATABASE_URL=postgres://…`,
  );
}

/** PostgreSQL with pgvector on this machine, installed when that is allowed; else the error says what to type. */
export async function ensurePostgres(machine: Machine, clusterMajor: number | null): Promise<PostgresPrograms> {
  const found =
    (await findPostgres(machine.searchPath, clusterMajor)) ?? (await installPostgres(machine, clusterMajor));
  if (hasPgvector(found)) return found;
  if (machine.packages.refusal !== null) throw refusePgvector(machine, found);
  await installPgvector(machine, found);
  const now = await findPostgres(machine.searchPath, found.major);
  if (now !== null && hasPgvector(now)) return now;
  throw new StudioError(
    'SOURCE_UNREACHABLE',
    `pgvector ${oldestPgvector} did not get installed into ${found.shareFolder}.`,
  );
}
