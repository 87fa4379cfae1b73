import { expect, it } from 'vitest';
import { requireSameBucket, type ServiceUrls, storeVariables } from '../../src/services/service-urls.ts';

const urls = { objectsFolder: '/o' } as ServiceUrls;

it('passes the settings of stores on to every process, and nothing else', () => {
  const given = { S3_BUCKET: 'b', S3_PREFIX: '', TRITON_DEVICE: 'gpu', HOME: '/root' };
  expect(storeVariables(given)).toEqual({ S3_BUCKET: 'b', TRITON_DEVICE: 'gpu' });
});

it('refuses a command that would look for objects in another place than the services', () => {
  expect(() => requireSameBucket({ ...urls, objectsBucket: 'b' }, {})).toThrow(/in the bucket b/);
  expect(() => requireSameBucket(urls, { S3_BUCKET: 'b' })).toThrow(/in the folder \/o/);
  requireSameBucket({ ...urls, objectsBucket: 'b' }, { S3_BUCKET: 'b' });
  requireSameBucket({ ...urls, objectsBucket: null }, { S3_BUCKET: '' });
});
