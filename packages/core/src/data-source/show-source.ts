import type { DataSource, DataSourceRecord } from '@embedding-studio/contracts';

/** What leaves the core: which secrets are set, never what they are. */
export function showSource({ sealed, references, ...source }: DataSourceRecord): DataSource {
  const encrypted = Object.keys(sealed).map((field) => ({ field, kept: 'encrypted' as const, setting: null }));
  const referred = Object.entries(references).map(([field, { setting }]) => ({
    field,
    kept: 'setting' as const,
    setting,
  }));
  return { ...source, secrets: [...encrypted, ...referred].sort((a, b) => (a.field < b.field ? -1 : 1)) };
}
