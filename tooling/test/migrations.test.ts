import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import product from '../../package.json' with { type: 'json' };
import { lintMigration } from '../migrations/lint-migration.ts';

const folder = fileURLToPath(new URL('../../packages/db/migrations', import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith('.sql'));
const bigTables = new Set([
  'items',
  'postings',
  'lexemes',
  'source_items',
  'suggestion_evidence',
  'improvement_evidence',
  'audit_log',
]);
/** Nobody had a catalogue yet. */
const beforeFirstRelease = new Set(['0005_filters.sql', '0018_item_images.sql']);
const lint = (text: string, version = '0.4.0') => lintMigration(text, { version, bigTables });

describe('migrations', () => {
  it.each(names)('%s leaves the release that still runs its schema', (name) => {
    const context = {
      version: product.version,
      bigTables: beforeFirstRelease.has(name) ? new Set<string>() : bigTables,
    };
    expect(lintMigration(readFileSync(join(folder, name), 'utf8'), context)).toEqual([]);
  });

  it.each([
    ['ALTER TABLE "items" DROP COLUMN "title";', 'drops a column'],
    ['DROP TABLE "items";', 'drops a table'],
    ['ALTER TABLE "items" RENAME COLUMN "title" TO "name";', 'renames'],
    ['ALTER TABLE "items" ALTER COLUMN "title" SET NOT NULL;', 'asks items'],
    ['ALTER TABLE "items" ADD COLUMN "kind" text NOT NULL;', 'asks items'],
    ['ALTER TABLE "items" ALTER COLUMN "title" SET DATA TYPE jsonb;', 'changes a type'],
    ['ALTER TABLE "items" DROP CONSTRAINT "items_known";', 'puts none in its place'],
    ['CREATE INDEX "items_new" ON "items" ("title");', 'while writes wait'],
  ])('refuses %j', (text, reason) => {
    expect(lint(text).join()).toContain(reason);
  });

  it.each([
    'ALTER TABLE "items" ADD COLUMN "kind" text;',
    `ALTER TABLE "items" ADD COLUMN "kind" text NOT NULL DEFAULT 'a';`,
    'CREATE TABLE "notes" ("id" text NOT NULL);--> statement-breakpoint\nCREATE INDEX "n" ON "notes" ("id");',
    'ALTER TABLE "a" DROP CONSTRAINT "a_known";--> statement-breakpoint\nALTER TABLE "a" ADD CONSTRAINT "a_known" CHECK (true);',
    'CREATE FUNCTION f() RETURNS void AS $$ BEGIN DROP TABLE x; END $$ LANGUAGE plpgsql;',
  ])('takes %j', (text) => {
    expect(lint(text)).toEqual([]);
  });

  it('takes away only what an earlier release was the last to use', () => {
    const drop = (version: string) => `-- contract: last used by ${version}\nALTER TABLE "items" DROP COLUMN "title";`;
    expect(lint(drop('0.3.0'))).toEqual([]);
    expect(lint(drop('0.4.0')).join()).toContain('a release has to lie between');
  });
});
