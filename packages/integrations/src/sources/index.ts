import type { Loader } from '@embedding-studio/contracts';
import { createFolderLoader } from './folder-loader.ts';
import { createGcsLoader } from './gcs-loader.ts';
import { createHttpLoader } from './http-loader.ts';
import { createGuardedFetch } from './network/guarded-request.ts';
import type { HostGuard } from './network/host-guard.ts';
import { createS3Loader } from './s3-loader.ts';

export { createHostGuard, type HostGuard, type HostGuardOptions, type ResolvedHost } from './network/host-guard.ts';

export interface LoaderSettings {
  /** Decides which hosts may be reached. */
  guard: HostGuard;
  /** Folders below which files may be read. */
  folders: readonly string[];
}

/** The loaders that need nothing but files and the network. */
export function createLoaders({ guard, folders }: LoaderSettings): Loader[] {
  const fetch = createGuardedFetch(guard);
  return [
    createFolderLoader({ roots: folders }),
    createHttpLoader({ guard, fetch }),
    createS3Loader({ guard, fetch }),
    createGcsLoader({ guard, fetch }),
  ] as Loader[];
}
