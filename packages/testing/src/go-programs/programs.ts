/** A server that is written in Go, for tests of our adapters against it. */
export interface GoProgram {
  /** As people know it. */
  title: string;
  module: string;
  version: string;
  /** Folder of its main package in the module; default: the root. */
  folder?: string;
  /** Files that its own build would generate first. */
  generated?: Record<string, string>;
  /** Variable that names the program where it is at hand. */
  setting: string;
}

export const goPrograms = {
  ferretdb: {
    ...{ title: 'FerretDB', module: 'github.com/FerretDB/FerretDB', version: 'v1.24.2', folder: 'cmd/ferretdb' },
    generated: {
      'build/version/version.txt': 'v1.24.2',
      'build/version/commit.txt': 'unknown',
      'build/version/branch.txt': 'unknown',
      'build/version/package.txt': 'unknown',
    },
    setting: 'STUDIO_TEST_FERRETDB',
  },
  'fake-gcs-server': {
    ...{ title: 'fake-gcs-server', module: 'github.com/fsouza/fake-gcs-server', version: 'v1.56.1' },
    setting: 'STUDIO_TEST_FAKE_GCS',
  },
  minio: {
    ...{ title: 'MinIO', module: 'github.com/minio/minio', version: 'v0.0.0-20260212201848-7aac2a2c5b7c' },
    setting: 'STUDIO_TEST_MINIO',
  },
} satisfies Record<string, GoProgram>;
export type GoProgramName = keyof typeof goPrograms;
