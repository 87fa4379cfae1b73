import { type ObjectStore, StudioError } from '@embedding-studio/contracts';
import { createFolderObjectStore, createS3ObjectStore } from '@embedding-studio/integrations/object-store';
import { objectStoreFaults, type StudioSettings } from './settings.ts';

/**
 * The bucket of the settings, else the folder.
 * @throws StudioError SETTINGS_INVALID for half of what a bucket needs, or nothing at all
 */
export function openObjectStore(settings: StudioSettings): ObjectStore {
  const faults = objectStoreFaults(settings);
  const { OBJECTS_FOLDER, S3_BUCKET: bucket, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = settings;
  if (faults.length > 0)
    throw new StudioError(
      'SETTINGS_INVALID',
      `Settings cannot be used:\n${faults.map(({ name, message }) => `  ${name}: ${message}`).join('\n')}`,
    );
  if (bucket !== undefined && S3_ACCESS_KEY_ID !== undefined && S3_SECRET_ACCESS_KEY !== undefined)
    return createS3ObjectStore({
      ...{ endpoint: endpointOf(settings), region: settings.S3_REGION, bucket, prefix: prefixOf(settings) },
      ...{ accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: S3_SECRET_ACCESS_KEY },
      ...{ isPathStyle: settings.S3_PATH_STYLE === 'on', timeoutMs: settings.S3_TIMEOUT_MS, retriesMax: 3 },
    });
  if (OBJECTS_FOLDER !== undefined) return createFolderObjectStore({ folder: OBJECTS_FOLDER });
  throw new StudioError('SETTINGS_INVALID', 'Settings cannot be used:\n  OBJECTS_FOLDER: is needed without S3_BUCKET');
}

/** For people to read: the folder, or host, bucket and prefix. */
export function placeOfObjects(settings: StudioSettings): string {
  if (settings.S3_BUCKET === undefined) return settings.OBJECTS_FOLDER ?? '';
  return `${new URL(endpointOf(settings)).host}/${settings.S3_BUCKET}/${prefixOf(settings)}`;
}

function endpointOf({ S3_ENDPOINT, S3_REGION }: StudioSettings): string {
  return S3_ENDPOINT ?? `https://s3.${S3_REGION}.amazonaws.com`;
}

function prefixOf({ S3_PREFIX }: StudioSettings): string {
  return S3_PREFIX === '' || S3_PREFIX.endsWith('/') ? S3_PREFIX : `${S3_PREFIX}/`;
}
