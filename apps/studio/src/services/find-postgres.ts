import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compareVersions } from './compare-versions.ts';
import { findProgram, isProgram } from './find-program.ts';
import { runCommand } from './run-command.ts';

export const oldestPostgres = 15;
export const oldestPgvector = '0.8.0';

export interface PostgresPrograms {
  /** Folder with postgres, initdb and pg_config. */
  bin: string;
  version: string;
  major: number;
  /** Where extensions are installed: control files and SQL, and shared objects. */
  shareFolder: string;
  libraryFolder: string;
  headerFolder: string;
  /** Version of pgvector that `create extension vector` would give, or null. */
  pgvector: string | null;
}

function candidateFolders(searchPath: string): string[] {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const onPath = findProgram(['initdb'], searchPath);
  const folders = [...versions.map((version) => join(debian, version, 'bin')), onPath === null ? '' : dirname(onPath)];
  return [...new Set(folders)].filter((folder) =>
    ['postgres', 'initdb', 'pg_config'].every((name) => isProgram(join(folder, name))),
  );
}

export function readPgvectorVersion(shareFolder: string): string | null {
  const control = join(shareFolder, 'extension', 'vector.control');
  if (!existsSync(control)) return null;
  return /^default_version\s*=\s*'([^']+)'/m.exec(readFileSync(control, 'utf8'))?.[1] ?? null;
}

async function describePrograms(bin: string): Promise<PostgresPrograms | null> {
  const config = await runCommand([join(bin, 'pg_config')], { timeoutMs: 10_000 });
  const value = (key: string) => new RegExp(`^${key} = (.*)$`, 'm').exec(config.stdout)?.[1] ?? '';
  const version = /(\d+(\.\d+)*)/.exec(value('VERSION'))?.[1];
  if (config.code !== 0 || version === undefined) return null;
  const shareFolder = value('SHAREDIR');
  return {
    bin,
    version,
    major: Number.parseInt(version, 10),
    shareFolder,
    libraryFolder: value('PKGLIBDIR'),
    headerFolder: value('INCLUDEDIR-SERVER'),
    pgvector: readPgvectorVersion(shareFolder),
  };
}

export function hasPgvector(found: PostgresPrograms): boolean {
  return found.pgvector !== null && compareVersions(found.pgvector, oldestPgvector) >= 0;
}

/**
 * The installed server to use, or null. An existing cluster decides the major version; else one that has pgvector
 * is preferred to a newer one that lacks it.
 */
export async function findPostgres(searchPath: string, clusterMajor: number | null): Promise<PostgresPrograms | null> {
  const described = await Promise.all(candidateFolders(searchPath).map(describePrograms));
  const usable = described
    .filter((found) => found !== null)
    .filter((found) => found.major >= oldestPostgres && (clusterMajor === null || found.major === clusterMajor))
    .sort((a, b) => Number(hasPgvector(b)) - Number(hasPgvector(a)) || b.major - a.major);
  return usable[0] ?? null;
}
