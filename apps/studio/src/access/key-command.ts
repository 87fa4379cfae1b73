import { Scope, StudioError } from '@embedding-studio/contracts';
import { type CreateApiKeyInput, createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from '@embedding-studio/core';
import type { Command } from 'commander';
import { table } from '../terminal/table.ts';
import { projectOption } from './open-running.ts';
import { type Place, withRunning } from './with-running.ts';

function parseScopes(text: string): Scope[] {
  return text.split(',').map((name) => {
    const scope = Scope.safeParse(name.trim());
    if (scope.success) return scope.data;
    throw new StudioError('INPUT_INVALID', `--scopes knows ${Scope.options.join(', ')}, not "${name}".`, {
      field: 'scopes',
    });
  });
}

function daysFromNow(days: string | undefined): Date | null {
  if (days === undefined) return null;
  const count = Number(days);
  if (Number.isFinite(count) && count > 0) return new Date(Date.now() + count * 86_400_000);
  throw new StudioError('INPUT_INVALID', `--days must be a number above 0, not "${days}".`, { field: 'days' });
}

interface CreateOptions extends Place {
  name: string;
  scopes: string;
  days?: string;
  collections?: string;
  rate?: string;
}

function inputOf({ name, scopes, days, collections, rate }: CreateOptions): CreateApiKeyInput {
  return {
    name,
    scopes: parseScopes(scopes),
    expiresAt: daysFromNow(days),
    collections: collections?.split(',').map((id) => id.trim()) ?? null,
    requestsPerMinute: rate === undefined ? null : Number(rate),
  };
}

/** API keys: made, listed and revoked at the machine that runs the services. */
export function registerKeyCommand(program: Command): void {
  const key = program.command('key').description('Make, list and revoke API keys.');
  key
    .command('create')
    .description('Make a key. The secret is printed once and stored nowhere.')
    .requiredOption('--name <name>', 'what it is for')
    .option('--scopes <list>', 'any of search, clickstream, ingest, admin', 'search,clickstream')
    .option('--days <count>', 'expires after so many days; never if left out')
    .option('--collections <list>', 'the only collections it reaches, `live` for what serves; all if left out')
    .option('--rate <count>', "requests per minute; the gateway's setting if left out")
    .option(...projectOption)
    .action((options: CreateOptions) =>
      withRunning(options, async ({ ctx }) => (await createApiKey({ ctx, input: inputOf(options) })).secret),
    );
  key
    .command('list')
    .description('The newest hundred keys.')
    .option(...projectOption)
    .action((options: Place) =>
      withRunning(options, async ({ ctx }) => {
        const keys = await listApiKeys({ ctx, input: { limit: 100 } });
        const rows = keys.map((row) => [
          row.id,
          row.name,
          `${row.prefix}…${row.lastFour}`,
          row.scopes.join(','),
          row.revokedAt ? 'revoked' : 'valid',
        ]);
        return table(['id', 'name', 'secret', 'scopes', 'state'], rows).join('\n');
      }),
    );
  key
    .command('rotate <id>')
    .description('Make a new secret for a key. It is printed once; the old one stays valid for the overlap.')
    .option('--overlap <hours>', 'how long the old secret stays valid', '24')
    .option(...projectOption)
    .action((id: string, options: { overlap: string } & Place) =>
      withRunning(options, async ({ ctx }) => {
        const input = { keyId: id, overlapHours: Number(options.overlap) };
        return (await rotateApiKey({ ctx, input })).secret;
      }),
    );
  key
    .command('revoke <id>')
    .description('End a key at once.')
    .option(...projectOption)
    .action((id: string, options: Place) =>
      withRunning(options, async ({ ctx }) => {
        await revokeApiKey({ ctx, input: { keyId: id } });
        return `revoked ${id}`;
      }),
    );
}
