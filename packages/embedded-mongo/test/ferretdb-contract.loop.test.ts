import { startFerretdb } from '@embedding-studio/testing/go-programs';
import { MongoClient } from 'mongodb';
import { afterAll, expect, it } from 'vitest';
import type { Declare } from './contract/open-rows.ts';
import { describeDocumentStore } from './contract.ts';

interface Lack {
  /** In the words of MongoDB's manual. */
  what: string;
  /** What comes of it, exactly: another failure is a failure of the suite. */
  ends: RegExp;
}

/** What FerretDB 1.24 on SQLite does not do of the contract, by the case that shows it. */
const lacks: Record<string, Lack> = {
  'answers dates, regular expressions, $or, $exists, $elemMatch, $not, $all, $size and $expr': {
    ...{ what: '$elemMatch on fields', ends: /^unknown operator: k$/ },
  },
  'projects inclusions, exclusions, nested fields, computed ones and matching elements': {
    ...{ what: '$elemMatch in projections', ends: /projection expression .*\$elemMatch.* is not supported/ },
  },
  'applies the update operators': {
    ...{ what: '$push with $slice and $sort (ignored)', ends: /to deeply equal/ },
  },
  'reaches into arrays with arrayFilters, $, $[] and $elemMatch': {
    ...{ what: 'arrayFilters', ends: /"arrayFilters" .* is not implemented yet/ },
  },
  'updates with a pipeline': { what: 'updates by pipelines', ends: /'update\.updates\.u' is the wrong type 'array'/ },
  'finds and modifies: before, after, sorted, upserted, removed': {
    ...{
      what: 'projections of findAndModify',
      ends: /findAndModify: support for field "fields" .* is not implemented/,
    },
  },
  'keeps 64-bit integers, binary data, ObjectIds, dates and nulls as they were': {
    ...{ what: 'arrays in arrays', ends: /nested arrays are not supported/ },
  },
  'enforces a compound unique index and names the key': {
    ...{ what: 'the key of a duplicate', ends: /to match object/ },
  },
  'enforces partial and sparse unique indexes only where they apply': {
    ...{ what: 'partial indexes', ends: /"partialFilterExpression" is not implemented yet/ },
  },
  'refuses a unique index over duplicates, and a clash of names or options': {
    ...{ what: 'the code of an index over duplicates', ends: /expected 1 to be 11000/ },
  },
  'reads only what it needs of a big collection': {
    ...{ what: 'executionStats of explain', ends: /totalDocsExamined/ },
  },
  'groups, unwinds, computes and sorts': {
    ...{ what: '$max in $group', ends: /accumulator "\$max" is not implemented yet/ },
  },
  'joins by equality and by pipeline': { what: '$lookup', ends: /stage "\$lookup" is not implemented yet/ },
  'answers $facet, $bucket, $count and an empty match': {
    ...{ what: '$facet', ends: /stage "\$facet" is not implemented yet/ },
  },
  'merges into a collection and replaces one with $out': {
    ...{ what: '$merge', ends: /stage "\$merge" is not implemented yet/ },
  },
  'names a stage it does not know': { what: 'the code of an unknown stage', ends: /expected 40234 to be 40324/ },
  'claims each document once when many ask at the same time': {
    ...{ what: 'findAndModify that is atomic', ends: /to deeply equal/ },
  },
};

const unused = new Set(Object.keys(lacks));

/** A case on the list has to end as it says; one that passes is to be taken off the list. */
const declare: Declare = (title, test) => {
  const lack = lacks[title];
  unused.delete(title);
  if (lack === undefined) return it(title, test);
  it(`lacks ${lack.what}: ${title}`, async () => {
    const outcome = await test().then(
      () => 'passed',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    expect(outcome).toMatch(lack.ends);
  });
};

const ferretdb = await startFerretdb();

if (typeof ferretdb === 'string') it.skip(`needs FerretDB: ${ferretdb}`, () => undefined);
else {
  afterAll(() => ferretdb.stop());
  const connect = async () => {
    const client = await MongoClient.connect(ferretdb.url);
    return { db: client.db('contract'), close: () => client.close() };
  };
  describeDocumentStore('FerretDB', connect, declare);
  it('is listed with cases that are there', () => {
    expect([...unused]).toEqual([]);
  });
}
