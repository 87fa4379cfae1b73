import { describe, expect, it } from 'vitest';
import { type JudgementFile, parseJudgements } from '../src/judgement/parse-judgements.ts';
import { csvCell } from '../src/judgement/read-csv.ts';

const parse = (file: Partial<JudgementFile> & { text: string }) =>
  parseJudgements({ format: 'quepid', scaleMax: 3, ...file }).map(({ query, itemId, grade }) => [query, itemId, grade]);

describe('TREC qrels', () => {
  it('topics are queries with _ for spaces, or what the topics file says; junk is 0', () => {
    const text = '\uFEFFoak_boots 0 a 3\r\n\r\noak_boots\t0  b\t-2\n';
    expect(parse({ format: 'qrels', text })).toEqual([
      ['oak boots', 'a', 3],
      ['oak boots', 'b', 0],
    ]);
    expect(parse({ format: 'qrels', text: '401 0 a 1', topics: '401\toak boots' })).toEqual([['oak boots', 'a', 1]]);
  });

  it.each([
    ['q 0 a', 'line 1: holds 3 columns, not 4'],
    ['q 0 a 3\nq 0 b 4', 'line 2, column 4 \\(grade\\): "4" is no grade of at most 3'],
    ['q 0 a x', 'line 1, column 4 \\(grade\\): "x"'],
    ['?! 0 a 1', 'line 1, column 1 \\(topic\\): not a query'],
    [`q 0 ${'i'.repeat(129)} 1`, 'line 1, column 3 \\(document\\): not the id of an item'],
    ['Oak 0 a 1\noak 0 a 2', 'line 2: the same query and item are graded otherwise in line 1'],
    ['\n\n', 'line 1: the file holds no judgement'],
    ['q 0 a\u0000 1', 'line 1: holds a character that is no text'],
  ])('refuses %j', (text, says) => {
    expect(() => parse({ format: 'qrels', text })).toThrow(new RegExp(`^Nothing was imported. ${says}`));
  });

  it('refuses a topic that the topics do not name', () => {
    expect(() => parse({ format: 'qrels', text: '9 0 a 1', topics: '1\toak' })).toThrow(
      'column 1 (topic): topics do not',
    );
  });
});

describe('Quepid CSV', () => {
  it('columns come in any order, under the names of both exports; unrated rows are no judgements', () => {
    expect(parse({ text: 'query,docid,rating\noak,a,3\n' })).toEqual([['oak', 'a', 3]]);
    const whole =
      'Team Name,Case Name,Case ID,Query Text,Doc ID,Doc Position,Title,Rating\n' +
      'T,C,1,"oak, ""solid""\nboots",a b,1,"x",2\nT,C,1,oak,c,2,,\n';
    expect(parse({ text: whole })).toEqual([['oak, "solid"\nboots', 'a b', 2]]);
  });

  it('other scales become 0 to 3 in proportion', () => {
    const text = 'query,docid,rating\nq,a,10\nq,b,5\nq,c,1\nq,d,0';
    expect(parse({ text, scaleMax: 10 }).map(([, , grade]) => grade)).toEqual([3, 2, 0, 0]);
    expect(parse({ text: 'query,docid,rating\nq,a,1\nq,b,0', scaleMax: 1 }).map(([, , grade]) => grade)).toEqual([
      3, 0,
    ]);
  });

  it.each([
    ['query,item,rating\nq,a,1', 'line 1: the header has no column docid or doc id'],
    ['query,docid,rating\nq,a\n', 'line 2: holds 2 columns, the header 3'],
    ['query,docid,rating\n"a\nb",x,1\nq,a,nine', 'line 4, column rating: "nine" is no grade'],
    ['query,docid,rating\n"q,a,1', 'line 2, column 1: a quote is never closed'],
    ['query,docid,rating\n', 'line 1: the file holds no judgement'],
  ])('refuses %j', (text, says) => {
    expect(() => parse({ text })).toThrow(says);
  });

  it('says the first five faults of a file, and how many more there are', () => {
    const text = `query,docid,rating\n${'q,a,9\n'.repeat(7)}`;
    expect(() => parse({ text })).toThrow(
      /line 2, .*line 6, column rating: "9" is no grade of at most 3; and 2 more\.$/,
    );
  });

  it('what a spreadsheet would run is text in the file, and comes back as it was', () => {
    const query = '=SUM(A1) "boots"';
    expect(csvCell(query)).toBe('"\'=SUM(A1) ""boots"""');
    expect(parse({ text: `query,docid,rating\n${csvCell(query)},${csvCell('-1')},1` })).toEqual([[query, '-1', 1]]);
  });
});
