import type { AuditChain } from '@embedding-studio/contracts';

/** For a terminal. `kept`: a head of earlier, if one was given. */
export function judgeChain(chain: AuditChain, kept?: string): { isWhole: boolean; words: string } {
  const { rows, unlinked, brokenAt, head, headFound } = chain;
  const linked = rows - unlinked;
  const faults = [
    ...(brokenAt === null
      ? []
      : [`Row ${brokenAt} does not follow from the one before: one of them was changed, or one between removed.`]),
    ...(kept === undefined || headFound === true
      ? []
      : [`The head ${kept} is not part of the log: rows were cut off, or it is of another installation.`]),
  ];
  const older = unlinked === 0 ? '' : ` ${unlinked} older rows were written before there were links.`;
  const whole = `All ${linked} linked rows follow from one another.${older}`;
  return {
    isWhole: faults.length === 0,
    words: [faults.length === 0 ? whole : faults.join('\n'), `head: ${head?.hash ?? 'none'}`].join('\n'),
  };
}
