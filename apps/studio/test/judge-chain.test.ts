import { expect, it } from 'vitest';
import { judgeChain } from '../src/audit/judge-chain.ts';

const head = { id: 9, hash: 'f'.repeat(64) };
const whole = { rows: 9, unlinked: 2, brokenAt: null, head, headFound: null };

it('a whole chain is said to be one, with its head and how much of it is older than links', () => {
  const { isWhole, words } = judgeChain(whole);
  expect(isWhole).toBe(true);
  expect(words).toBe(
    `All 7 linked rows follow from one another. 2 older rows were written before there were links.\nhead: ${head.hash}`,
  );
});

it('a broken link and a head that is gone are both faults', () => {
  expect(judgeChain({ ...whole, brokenAt: 4 })).toMatchObject({
    isWhole: false,
    words: expect.stringMatching(/^Row 4/),
  });
  const gone = judgeChain({ ...whole, headFound: false }, 'abc');
  expect(gone).toMatchObject({ isWhole: false, words: expect.stringMatching(/^The head abc is not part/) });
  expect(judgeChain({ ...whole, headFound: true }, 'abc').isWhole).toBe(true);
});
