import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../source-files.ts';

const files = execFileSync('git', ['ls-files', '-z'], { cwd: repositoryRoot, encoding: 'utf8', maxBuffer: 2 ** 24 })
  .split('\0')
  .filter((file) => file !== '' && !/\.(png|woff2|onnx|gz|ico|jpg|webp|parquet|bin)$/.test(file));

/** Forms that secrets of well-known services have, and keys as files. */
const forms: Record<string, RegExp> = {
  'a private key': /-----BEGIN (?:RSA |EC |OPENSSH |ENCRYPTED )?PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}/,
  'an AWS access key': /\bAKIA[0-9A-Z]{16}\b/,
  'a GitHub token': /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
  'an npm token': /\bnpm_[A-Za-z0-9]{36}\b/,
  'a Slack token': /\bxox[abprs]-[A-Za-z0-9-]{20,}/,
  'a Hugging Face token': /\bhf_[A-Za-z0-9]{34}\b/,
  'a signed web token': /\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,}/,
};

const findSecrets = (text: string): string[] =>
  Object.entries(forms).flatMap(([name, form]) => (form.test(text) ? [name] : []));

describe('the repository', () => {
  it('holds no secret of a form that is known', () => {
    const found = files.flatMap((file) =>
      findSecrets(readFileSync(join(repositoryRoot, file), 'utf8')).map((name) => `${file}: ${name}`),
    );
    expect(files.length).toBeGreaterThan(1_000);
    expect(found).toEqual([]);
  });

  it('would show one', () => {
    const token = ['ghp', 'a'.repeat(36)].join('_');
    expect(findSecrets(`TOKEN=${token}`)).toEqual(['a GitHub token']);
    expect(findSecrets(['-----BEGIN PRIVATE', `KEY-----\n${'A'.repeat(64)}`].join(' '))).toEqual(['a private key']);
  });

  it('locks every package to its bytes, wherever they are fetched from', () => {
    const lock = JSON.parse(readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { link?: boolean; integrity?: string; resolved?: string; version?: string }>;
    };
    const outside = Object.entries(lock.packages).filter(([path, { link }]) => path.includes('node_modules/') && !link);
    expect(outside.length).toBeGreaterThan(300);
    for (const [path, { integrity, resolved }] of outside) {
      expect([path, integrity]).toEqual([path, expect.stringMatching(/^sha(256|384|512)-/)]);
      expect([path, resolved]).toEqual([path, undefined]);
    }
  });
});
