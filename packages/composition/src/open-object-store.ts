import { type ObjectStore, StudioError } from '@embedding-studio/contracts';
import {
  createFolderObjectStore,
  createGcsObjectStore,
  createS3ObjectStore,
} from '@embedding-studio/integrations/object-store';
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
      ...{ endpoint: endpointOf(settings), region: settings.S3_REGION, bucket, prefix: prefixOf(settings.S3_PREFIX) },
      ...{ accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: S3_SECRET_ACCESS_KEY },
      ...{ isPathStyle: settings.S3_PATH_STYLE === 'on', timeoutMs: settings.S3_TIMEOUT_MS, retriesMax: 3 },
    });
  if (settings.GCS_BUCKET !== undefined) return openGcs(settings, settings.GCS_BUCKET);
  if (OBJECTS_FOLDER !== undefined) return createFolderObjectStore({ folder: OBJECTS_FOLDER });
  throw new StudioError('SETTINGS_INVALID', 'Settings cannot be used:\n  OBJECTS_FOLDER: is needed without a bucket');
}

/** A service account where one is given, else the machine's own; an emulator asks for neither. */
function openGcs(settings: StudioSettings, bucket: string): ObjectStore {
  const { GCS_ENDPOINT: endpoint, GCS_SERVICE_ACCOUNT: serviceAccount, GCS_TIMEOUT_MS: timeoutMs } = settings;
  const isGoogle = /(^|\.)googleapis\.com$/.test(new URL(endpoint).hostname);
  const own = isGoogle ? ({ kind: 'metadata' } as const) : ({ kind: 'none' } as const);
  return createGcsObjectStore({
    ...{ endpoint, bucket, prefix: prefixOf(settings.GCS_PREFIX), timeoutMs, retriesMax: 3 },
    credentials: serviceAccount === undefined ? own : { kind: 'service-account', serviceAccount },
  });
}

/** For people to read: the folder, or host, bucket and prefix. */
export function placeOfObjects(settings: StudioSettings): string {
  const { S3_BUCKET, S3_PREFIX, GCS_BUCKET, GCS_PREFIX, GCS_ENDPOINT } = settings;
  if (S3_BUCKET !== undefined) return `${new URL(endpointOf(settings)).host}/${S3_BUCKET}/${prefixOf(S3_PREFIX)}`;
  if (GCS_BUCKET !== undefined) return `${new URL(GCS_ENDPOINT).host}/${GCS_BUCKET}/${prefixOf(GCS_PREFIX)}`;
  return settings.OBJECTS_FOLDER ?? '';
}

function endpointOf({ S3_ENDPOINT, S3_REGION }: StudioSettings): string {
  return S3_ENDPOINT ?? `https://s3.${S3_REGION}.amazonaws.com`;
}

function prefixOf(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}
