import { describe, expect, test } from 'vitest';
import { toCurl, toSdk } from '../src/search/copy-code';
import { cleanSetting, describeSetting } from '../src/search/setting';

describe('a setting', () => {
  test('keeps only what differs from an ordinary search', () => {
    const setting = { retriever: 'hybrid', improvement: true, plugins: false, userId: '', vectorWeight: 0 } as const;
    expect(cleanSetting(setting)).toEqual({ plugins: false, vectorWeight: 0 });
  });

  test('is told in few words', () => {
    expect(describeSetting({})).toEqual([]);
    expect(describeSetting({ vectorWeight: 0.25, improvement: false, userId: 'ann' })).toEqual([
      ...['meaning 25 %', 'no learning', 'as ann'],
    ]);
  });
});

describe('copied code', () => {
  const search = { query: "it's cold", limit: 5, setting: { userId: 'ann' }, url: 'http://gateway' };

  test('is a call of the SDK and a request by curl that a shell reads as one text', () => {
    expect(toSdk(search)).toContain('"query": "it\'s cold"');
    expect(toSdk(search)).toContain('"userId": "ann"');
    expect(toCurl(search)).toContain(String.raw`"search_query": "it'\''s cold"`);
    expect(toCurl(search)).toContain('"user_id": "ann"');
  });

  test('says what only the playground can do', () => {
    expect(toCurl({ ...search, setting: { vectorWeight: 0.2 } })).toContain(
      '# Not in a search of an application: vectorWeight',
    );
    expect(toSdk(search)).not.toContain('Not in a search');
  });
});
