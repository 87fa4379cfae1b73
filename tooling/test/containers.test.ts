import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { checkCompose } from '../containers/check-compose.ts';
import { lintDockerfile } from '../containers/lint-dockerfile.ts';
import { findSchemaFaults, readCompose, readText } from '../containers/read-compose.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const docker = join(root, 'docker');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('Dockerfiles', () => {
  it.each(['docker/Dockerfile', 'docker/mlflow/Dockerfile'])('%s keeps the rules', (path) => {
    expect(lintDockerfile(readText(join(root, path)), { root })).toEqual([]);
  });

  it('copies the manifest of every workspace, without which npm ci refuses', () => {
    const text = readText(join(docker, 'Dockerfile'));
    const workspaces = ['apps', 'packages'].flatMap((kind) =>
      readdirSync(join(root, kind))
        .filter((name) => existsSync(join(root, kind, name, 'package.json')))
        .map((name) => `${kind}/${name}`),
    );
    expect(workspaces.filter((path) => !text.includes(`COPY ${path}/package.json ${path}/\n`))).toEqual([]);
  });

  it.each([
    ['FROM node:latest\nUSER node\nHEALTHCHECK CMD true\nCMD ["node"]', 'not pinned'],
    ['FROM node\nUSER node\nHEALTHCHECK CMD true\nCMD ["node"]', 'not pinned'],
    ['FROM a:1\nUSER node\nUSER root\nHEALTHCHECK CMD true\nCMD ["node"]', 'runs as root'],
    ['FROM a:1\nUSER node\nCMD ["node"]', 'no HEALTHCHECK'],
    ['FROM a:1\nADD https://example.org/a /a\nUSER node\nHEALTHCHECK CMD true\nCMD ["a"]', 'ADD'],
    ['FROM a:1\nENV API_TOKEN=x\nUSER node\nHEALTHCHECK CMD true\nCMD ["a"]', 'secret'],
    ['FROM a:1\nRUN apt-get install -y curl\nUSER node\nHEALTHCHECK CMD true\nCMD ["a"]', 'lists of apt'],
    ['FROM a:1\nCOPY nowhere.json ./\nUSER node\nHEALTHCHECK CMD true\nCMD ["a"]', 'nowhere.json does not exist'],
    ['FROM a:1\nUSER node\nHEALTHCHECK CMD ["node", "docker/probe.mjs"]\nCMD ["a"]', 'is not where its health check'],
    ['FROM a:1\nWORKDIR /app\nUSER node\nHEALTHCHECK CMD true\nCMD ["node", "gone.ts"]', 'gone.ts does not exist'],
  ])('refuses %j', (text, reason) => {
    const faults = lintDockerfile(text, { root });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(reason);
  });
});

describe('compose files', () => {
  const overlays = ['compose.gpu.yml', 'compose.model-server.yml', 'compose.observability.yml'].filter(
    (name) => name !== 'compose.observability.yml' || existsSync(join(root, 'deploy/observability')),
  );
  const read = (...names: string[]) => readCompose(['compose.yml', ...names].map((name) => join(docker, name)));

  it.each(['compose.yml', ...overlays])('%s meets the schema of the specification', (name) => {
    expect(findSchemaFaults(readText(join(docker, name)))).toEqual([]);
  });

  it.each([[[]], ...overlays.map((name) => [[name]])])('compose.yml with %j keeps the rules', (names) => {
    expect(checkCompose(read(...names), docker)).toEqual([]);
  });

  it('publishes nothing but the gateway and the console, on 127.0.0.1', () => {
    const ports = Object.entries(read().services).flatMap(([name, service]) =>
      service.ports.map((port) => `${name} ${port.slice(-4)}`),
    );
    expect(ports).toEqual(['gateway 8300', 'web 8301']);
  });

  it('refuses an unknown setting, a password, a port for everyone and a service without a check', () => {
    const compose = read();
    const { gateway } = compose.services;
    if (gateway === undefined) throw new TypeError('there is no gateway');
    const worse = {
      ...gateway,
      environment: { ...gateway.environment, GATEWAY_PROT: '1', MLFLOW_TRACKING_PASSWORD: 'x' },
      ports: ['8300:8300'],
      healthcheck: undefined,
    };
    const faults = checkCompose({ ...compose, services: { ...compose.services, gateway: worse } }, docker);
    expect(faults).toEqual([
      'gateway: GATEWAY_PROT is no setting of gateway.',
      'gateway: MLFLOW_TRACKING_PASSWORD is written out; give MLFLOW_TRACKING_PASSWORD_FILE.',
      'gateway: 8300:8300 is published on every address.',
      'gateway: it has no healthcheck.',
    ]);
  });
});

describe('scripts of the images', () => {
  const makeSecrets = (folder: string) =>
    execFileSync('/bin/sh', [join(docker, 'make-secrets.sh')], {
      env: { PATH: process.env.PATH, SECRETS_FOLDER: folder },
      encoding: 'utf8',
    });
  const secretsOf = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(folder, name)).isFile())
      .sort();

  it('makes every password that compose.yml mounts once, differently each time, and keeps them at later starts', () => {
    const [first, second] = [0, 1].map(() => {
      const folder = mkdtempSync(join(tmpdir(), 'studio-secrets-'));
      folders.push(folder);
      makeSecrets(folder);
      return folder;
    });
    if (first === undefined || second === undefined) return;
    const read = (folder: string) =>
      Object.fromEntries(secretsOf(folder).map((n) => [n, readFileSync(join(folder, n))]));
    const before = read(first);
    makeSecrets(first);
    expect(read(first)).toEqual(before);
    const other = read(second);
    for (const name of ['postgres/studio', 'mongo/root', 'redis/password', 'console/secret', 'app/secrets_key'])
      expect(before[name]?.toString()).not.toBe(other[name]?.toString());
    expect(before['app/secrets_key']?.length).toBeGreaterThanOrEqual(32);
    expect(statSync(join(first, 'app/database_url')).mode & 0o077).toBe(0);
  });

  it('hands the content of NAME_FILE to the program as NAME, and nothing else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'studio-entry-'));
    folders.push(folder);
    makeSecrets(folder);
    const path = join(folder, 'app/database_url');
    const env = { PATH: process.env.PATH, DATABASE_URL_FILE: path };
    const seen = execFileSync('/bin/sh', [join(docker, 'entry.sh'), 'env'], { env, encoding: 'utf8' });
    expect(seen).toContain(`DATABASE_URL=${readFileSync(path, 'utf8')}\n`);
    expect(seen).not.toContain('DATABASE_URL_FILE');
  });

  it('ends with the name of a secret that cannot be read', () => {
    const env = { PATH: process.env.PATH, REDIS_URL_FILE: '/nowhere/at/all' };
    expect(() => execFileSync('/bin/sh', [join(docker, 'entry.sh'), 'env'], { env, stdio: 'pipe' })).toThrow(
      /REDIS_URL_FILE: \/nowhere\/at\/all cannot be read/,
    );
  });
});
