import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hidePassword } from '../../src/commands/show-running.ts';
import { compareVersions } from '../../src/services/compare-versions.ts';
import { parseList, parseSources } from '../../src/services/debian-mirror.ts';
import { readPgvectorVersion } from '../../src/services/find-postgres.ts';
import { findProgram } from '../../src/services/find-program.ts';
import { findPlacedFolder, placeFolder, pointerOf } from '../../src/services/place-folder.ts';
import { choosePorts } from '../../src/services/port-memory.ts';
import { runChecked, runCommand } from '../../src/services/run-command.ts';
import { readOrMakeSecret } from '../../src/services/secret-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'studio-finding-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('versions', () => {
  it.each([
    ['0.8.0-1', '0.8.0', 0],
    ['0.10.0', '0.8.1', 1],
    ['0.7.4-0+deb12u1', '0.8.0', -1],
    ['5:7.0.15-1~deb12u7', '7.2', -1],
    ['8', '8.0.0', 0],
  ])('%s against %s is %i', (a, b, expected) => {
    expect(Math.sign(compareVersions(a, b))).toBe(expected);
  });

  it('reads the version that an extension would be created with', () => {
    mkdirSync(join(folder, 'extension'));
    expect(readPgvectorVersion(folder)).toBeNull();
    writeFileSync(join(folder, 'extension/vector.control'), "comment = 'x'\ndefault_version = '0.8.1'\n");
    expect(readPgvectorVersion(folder)).toBe('0.8.1');
  });
});

describe('mirrors', () => {
  it('reads paragraphs with comments, continued lines and several addresses; leaves out what is off', () => {
    const text = [
      'Types: deb deb-src',
      '# a comment',
      'URIs: http://one.example/debian',
      ' http://two.example/debian',
      'Suites: bookworm bookworm-updates',
      'Components: main',
      'Signed-By: /usr/share/keyrings/a.gpg',
      '',
      'Types: deb',
      'Enabled: no',
      'URIs: http://off.example',
      'Suites: x',
    ].join('\n');
    expect(parseSources(text)).toEqual(
      ['http://one.example/debian', 'http://two.example/debian'].map((uri) => ({
        uri,
        suites: ['bookworm', 'bookworm-updates'],
        components: ['main'],
        signedBy: '/usr/share/keyrings/a.gpg',
      })),
    );
  });

  it('reads one-line entries with and without options; leaves out sources and comments', () => {
    const text =
      '# deb http://x y main\ndeb [arch=amd64 signed-by=/k.gpg] http://a/debian trixie main contrib\ndeb-src http://a b main\ndeb http://c d main';
    expect(parseList(text)).toEqual([
      { uri: 'http://a/debian', suites: ['trixie'], components: ['main', 'contrib'], signedBy: '/k.gpg' },
      { uri: 'http://c', suites: ['d'], components: ['main'], signedBy: null },
    ]);
  });
});

describe('programs', () => {
  it('takes only files that may be run, in the order of the names', () => {
    for (const name of ['first', 'second']) writeFileSync(join(folder, name), '#!/bin/sh\n');
    chmodSync(join(folder, 'second'), 0o755);
    mkdirSync(join(folder, 'third'));
    expect(findProgram(['first', 'third', 'second'], folder)).toBe(join(folder, 'second'));
    expect(findProgram(['no-such-program'], folder)).toBeNull();
  });

  it('reports a missing program, a failing one and one past its time', async () => {
    expect(await runCommand(['/no/such/program'], { timeoutMs: 1_000 })).toMatchObject({ code: null });
    await expect(runChecked(['sh', '-c', 'echo why >&2; exit 3'], { timeoutMs: 5_000 })).rejects.toThrow(/why/);
    const late = await runCommand(['sleep', '60'], { timeoutMs: 100 });
    expect(late.code).toBeNull();
    expect(late.stderr).toContain('SIGKILL');
  });

  it('hands its input over', async () => {
    expect(await runChecked(['cat'], { timeoutMs: 5_000, input: 'hello' })).toBe('hello');
  });
});

describe('ports', () => {
  it('are remembered, distinct, and given up when somebody else listens there', async () => {
    const path = join(folder, 'ports.json');
    const first = await choosePorts(path, { a: undefined, b: undefined });
    expect(first.a).not.toBe(first.b);
    expect(await choosePorts(path, { a: undefined, b: undefined })).toEqual(first);
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(first.a, '127.0.0.1', done));
    const second = await choosePorts(path, { a: undefined, b: undefined });
    taken.close();
    expect(second.a).not.toBe(first.a);
    expect(second.b).toBe(first.b);
  });
});

describe('secrets', () => {
  it('are made once, long, and for their owner only', () => {
    const path = join(folder, 'a.password');
    const secret = readOrMakeSecret(path);
    expect(secret.length).toBeGreaterThanOrEqual(32);
    expect(readOrMakeSecret(path)).toBe(secret);
    expect(readOrMakeSecret(join(folder, 'b.password'))).not.toBe(secret);
  });

  it('do not show in the addresses on the screen', () => {
    expect(hidePassword('postgres://studio:s3cret@127.0.0.1:1/studio')).toBe('postgres://studio:…@127.0.0.1:1/studio');
    expect(hidePassword('redis://:s3cret@127.0.0.1:1/0')).toBe('redis://:…@127.0.0.1:1/0');
    expect(hidePassword('http://127.0.0.1:1')).toBe('http://127.0.0.1:1');
  });
});

describe.runIf(process.getuid?.() === 0)('folders of servers that run as another user', () => {
  const stranger = { name: 'stranger', uid: 64_321, gid: 64_321 };

  it('stay where they were wanted when that user can get there', () => {
    chmodSync(folder, 0o755);
    expect(placeFolder(join(folder, 'postgres'), stranger)).toBe(join(folder, 'postgres'));
  });

  it('go elsewhere, with a pointer, when a folder on the way is private; and are found again', () => {
    chmodSync(folder, 0o700);
    const wanted = join(folder, 'postgres');
    const placed = placeFolder(wanted, stranger);
    try {
      expect(placed.startsWith('/var/lib/embedding-studio/')).toBe(true);
      expect(findPlacedFolder(wanted)).toBe(placed);
      expect(placeFolder(wanted, stranger)).toBe(placed);
      expect(pointerOf(wanted)).toBe(`${wanted}.location`);
    } finally {
      rmSync(placed, { recursive: true, force: true });
    }
  });
});
