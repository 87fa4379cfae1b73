import { afterEach, describe, expect, test } from 'vitest';
import { createGuardedFetch, readText } from '../../src/sources/network/guarded-request.ts';
import { createHostGuard } from '../../src/sources/network/host-guard.ts';
import { type LocalSite, openSite } from './local-site.ts';

const { signal } = new AbortController();
const refused = { code: 'INPUT_INVALID', field: 'host' };

describe('host guard', () => {
  const guard = createHostGuard({ allowed: [] });

  test.each([
    ...[
      '127.0.0.1',
      '127.9.9.9',
      '0.0.0.0',
      '10.0.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
    ],
    ...[
      '::1',
      '::',
      '[::1]',
      '::ffff:127.0.0.1',
      '::ffff:a9fe:a9fe',
      'fe80::1',
      'fd00::1',
      'fec0::1',
      '64:ff9b::7f00:1',
    ],
    ...['2002:7f00:1::', '224.0.0.1', '255.255.255.255', 'localhost', 'LOCALHOST.'],
  ])('refuses %s', async (host) => {
    await expect(guard.resolve(host)).rejects.toMatchObject(refused);
  });

  test.each(['http://2130706433/', 'http://0x7f.1/', 'http://0177.0.0.1/', 'http://127.1/', 'http://[::ffff:7f00:1]/'])(
    'refuses what %s means',
    async (url) => {
      await expect(guard.resolve(new URL(url).hostname)).rejects.toMatchObject(refused);
    },
  );

  test('lets public addresses through, and names by all of their addresses', async () => {
    expect(await guard.resolve('93.184.216.34')).toEqual({ address: '93.184.216.34', family: 4 });
    expect(await guard.resolve('[2606:4700::1111]')).toEqual({ address: '2606:4700::1111', family: 6 });
    const named = createHostGuard({
      allowed: [],
      findAddresses: async (host) => (host === 'mixed.test' ? ['93.184.216.34', '10.0.0.1'] : ['93.184.216.34']),
    });
    expect(await named.resolve('fine.test')).toMatchObject({ address: '93.184.216.34' });
    await expect(named.resolve('mixed.test')).rejects.toMatchObject(refused);
  });

  test('reaches private hosts that the operator allows, by name, address and range, and no others', async () => {
    const allowing = createHostGuard({
      allowed: ['minio.internal', '10.1.0.0/16', 'fd00::/8', '127.0.0.1'],
      findAddresses: async (host) => (host === 'minio.internal' ? ['192.168.7.7'] : ['192.168.7.8']),
    });
    for (const host of ['minio.internal', 'MINIO.internal', '10.1.2.3', 'fd12::1', '127.0.0.1', '::ffff:127.0.0.1'])
      await expect(allowing.resolve(host)).resolves.toBeDefined();
    for (const host of ['other.internal', '10.2.0.1', '127.0.0.2', '::1', 'x.minio.internal'])
      await expect(allowing.resolve(host)).rejects.toMatchObject(refused);
  });

  test('a name that nobody knows is unreachable', async () => {
    const unknown = createHostGuard({ allowed: [], findAddresses: async () => [] });
    await expect(unknown.resolve('nobody.test')).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  });
});

describe('guarded requests', () => {
  const sites: LocalSite[] = [];
  const open = async (...given: Parameters<typeof openSite>) => {
    const site = await openSite(...given);
    sites.push(site);
    return site;
  };
  afterEach(async () => {
    for (const site of sites.splice(0)) await site.close();
  });
  const local = createGuardedFetch(createHostGuard({ allowed: ['127.0.0.1'] }));

  test('answer with status, headers and body', async () => {
    const site = await open((_, response) => response.writeHead(201, { etag: '"7"' }).end('made'));
    const answer = await local({ url: `${site.url}/a?b=1`, headers: { authorization: 'x' }, signal });
    expect({ status: answer.status, etag: answer.headers.etag, text: await readText(answer) }).toEqual({
      ...{ status: 201, etag: '"7"', text: 'made' },
    });
    expect(site.requests[0]).toMatchObject({ path: '/a?b=1', headers: { authorization: 'x' } });
  });

  test('a redirect to a private address is refused before it is asked', async () => {
    const inside = await open((_, response) => response.end('secret'));
    const site = await open((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.2:${inside.port}/metadata` }).end(),
    );
    await expect(local({ url: site.url, signal, redirectsMax: 5 })).rejects.toMatchObject(refused);
    expect(inside.requests).toEqual([]);
  });

  test('headers do not follow a redirect to another host, and a ring of redirects ends', async () => {
    const other = await open((_, response) => response.end('other'));
    const site = await open(({ url }, response) => {
      const location = url === '/ring' ? '/ring' : url === '/near' ? '/end' : `${other.url}/far`;
      if (url === '/end') response.end('end');
      else response.writeHead(307, { location }).end();
    });
    const headers = { authorization: 'Bearer t' };
    const near = await local({ url: `${site.url}/near`, headers, signal, redirectsMax: 2 });
    expect(await readText(near)).toBe('end');
    expect(site.requests.at(-1)?.headers.authorization).toBe('Bearer t');
    await readText(await local({ url: `${site.url}/away`, headers, signal, redirectsMax: 2 }));
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
    await expect(local({ url: `${site.url}/ring`, signal, redirectsMax: 3 })).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
    });
  });

  test('a name that changes its address between check and connection is still what was checked', async () => {
    const site = await open((_, response) => response.end('the checked one'));
    const answers = [['127.0.0.1'], ['127.0.0.3']];
    const rebinding = createHostGuard({
      allowed: ['127.0.0.1'],
      findAddresses: async () => answers.shift() ?? ['127.0.0.3'],
    });
    const answer = await createGuardedFetch(rebinding)({ url: `http://rebind.test:${site.port}/`, signal });
    expect(await readText(answer)).toBe('the checked one');
    expect(site.requests[0]?.headers.host).toBe(`rebind.test:${site.port}`);
  });

  test('an answer that is too long ends, and faulty URLs are refused', async () => {
    const site = await open((_, response) => response.end('x'.repeat(1_000)));
    const long = await local({ url: site.url, signal, bytesMax: 100 });
    await expect(readText(long)).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' });
    for (const url of ['file:///etc/passwd', 'ftp://127.0.0.1/', 'http://user:pass@127.0.0.1/', 'no url'])
      await expect(local({ url, signal })).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'url' });
  });

  test('a port where nobody listens is unreachable, and an abort ends a request that hangs', async () => {
    const site = await open(() => undefined);
    const stop = new AbortController();
    const hanging = local({ url: site.url, signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(hanging).rejects.toThrowError('enough');
    await site.close();
    await expect(local({ url: site.url, signal })).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    sites.pop();
  });
});
