import { Role, type Scope } from '@embedding-studio/contracts';

export const roles = Role.options;

export const roleHints: Record<Role, string> = {
  viewer: 'Looks at searches, models and deployments.',
  analyst: 'Also reads sessions and the audit log, and judges results.',
  engineer: 'Also trains, deploys, feeds items and runs queues.',
  admin: 'Also manages people, keys and retention.',
};

export const scopeHints: Record<Scope, string> = {
  search: 'Search and read items',
  clickstream: 'Send sessions and clicks',
  ingest: 'Write items, sources and suggestions',
  admin: 'Everything: for your own tools, never for a browser',
};
