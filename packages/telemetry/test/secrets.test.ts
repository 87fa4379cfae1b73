import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { StudioError } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';
import { createLog, redactText } from '../src/index.ts';

const secret = 'hunter2-Hunter2-hunter2';
const own = 'f81d4fae7dec11d0a76500a0c91e6bf6';
/** Texts with a secret in them, as drivers, clients and people write them. */
const texts: Record<string, string> = {
  'an API key of ours': `no such key: es_${own}`,
  'an API key of a project': `"es_second-shop.${own}"`,
  'an Authorization header': `Authorization: Bearer ${secret}`,
  'an Authorization header in small letters': `authorization: bearer ${secret}`,
  'basic authentication': `sent Basic ${Buffer.from(`user:${secret}`).toString('base64')} and was refused`,
  'headers as JSON': JSON.stringify({ headers: { authorization: `Bearer ${secret}`, cookie: `session=${secret}` } }),
  'a Cookie header': `GET / HTTP/1.1\r\nCookie: better-auth.session=${secret}; theme=dark\r\n`,
  'a Set-Cookie header': `set-cookie: better-auth.session=${secret}; HttpOnly`,
  'a MongoDB address': `MongoServerError at mongodb://studio:${secret}@db-1:27017,db-2:27017/?replicaSet=rs0`,
  'a MongoDB address of a cluster': `mongodb+srv://studio:${secret}@cluster0.example.net/studio`,
  'a PostgreSQL address': `connect postgres://studio:${secret}@127.0.0.1:5432/studio`,
  'a PostgreSQL address with an @ in its password': `postgresql://studio:p@${secret}@db/studio`,
  'a PostgreSQL address with a slash in its password': `postgresql://studio:p/${secret}@db/studio`,
  'a Redis address without a user': `rediss://:${secret}@cache:6380/0`,
  'a connection string': `host=db user=studio password=${secret} dbname=studio`,
  'an environment': `AWS_SECRET_ACCESS_KEY=${secret} METRICS_TOKEN=${secret}`,
  'an S3 secret as JSON': JSON.stringify({ accessKeyId: `AKIA${'Q'.repeat(16)}`, secretAccessKey: secret }),
  'JSON inside JSON': JSON.stringify({ body: JSON.stringify({ password: secret }) }),
  'a signed address': `GET https://s3.example/b/k?X-Amz-Credential=AKIA${'Q'.repeat(16)}%2Feu&X-Amz-Signature=${own}`,
  'an address with a key': `https://example.org/feed?api_key=${secret}&page=2`,
  'a private key': `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`,
};
const leaks = [secret, own, 'AKIA', Buffer.from(secret).toString('base64').slice(2, 20)];

function capture() {
  const lines: string[] = [];
  const target = { write: (line: string) => void lines.push(line) };
  return { log: createLog({ name: 'unit', level: 'debug', target }), text: () => lines.join('') };
}

function expectNoLeak(text: string): void {
  for (const leak of leaks) expect(text).not.toContain(leak);
}

describe.each(Object.entries(texts))('%s', (_name, text) => {
  it('is never written: not in a message, a field, a name, a list, an error, its cause or its stack', () => {
    const { log, text: written } = capture();
    const cause = new TypeError(text, { cause: new Error(text) });
    log.info({ note: text, list: [text, { deep: { deeper: text } }], [text]: 1 }, text);
    log.error({ error: new StudioError('STORE_UNAVAILABLE', text, { cause }), reason: String(cause) }, 'failed');
    log.child({ where: text }).warn({}, 'child');
    expectNoLeak(written());
    expect(written().split('\n')).toHaveLength(4);
  });
});

it.each([
  'password',
  'x-api-key',
  'Proxy-Authorization',
  'secretAccessKey',
  'accessKeyId',
  'x-amz-security-token',
  'signature',
  'SECRETS_KEY',
  'set-cookie',
])('a field named %s is never written, whatever its value looks like', (name) => {
  const { log, text } = capture();
  log.info({ [name]: secret, nested: { [name]: [secret] } }, 'x');
  expect(text()).not.toContain(secret);
});

it.each([
  'There is no model mdl_1 for tokens 1 to 80; token count: 12.',
  'connect to http://127.0.0.1:8300/api/v1/ping failed',
  'postgres://studio@127.0.0.1:5432/studio is away',
  'Unexpected token } in JSON at position 10',
  'es_live is not an API key',
])('what is no secret stays readable: %s', (text) => {
  expect(redactText(text)).toBe(text);
});

it.each([
  ['throw', `postgres://studio:${secret}@db/studio`],
  ['reject', `mongodb://studio:${secret}@db/studio`],
  ['url', `redis://:${secret}@:not a port/0`],
])('a process that ends by %s tells of it in one line without the secret', (how, address) => {
  const program = fileURLToPath(new URL('./crash.ts', import.meta.url));
  const ended = spawnSync(process.execPath, ['--import', 'tsx', program, how, address], { encoding: 'utf8' });
  expect(ended.status).toBe(1);
  expect(ended.stdout + ended.stderr).not.toContain(secret);
  expect(JSON.parse(ended.stderr)).toMatchObject({ level: 'error', msg: 'process ends', name: 'crash' });
});
