import type { Assumptions } from './capacity-model.ts';

/** A common size of rented machines, and round prices: put your own in their place by `--assume`. */
export const defaultAssumptions: Assumptions = {
  mergeMs: 3,
  serverGiB: 256,
  serverCores: 32,
  buildCores: 8,
  indexShare: 0.6,
  hotTableShare: 0.1,
  searchesPerSecond: 100,
  priceGiBMemory: 3,
  priceCore: 15,
  priceGiBDisk: 0.1,
};

/** `serverGiB=512,priceCore=10` over the defaults. @throws TypeError naming what is not known or no number above 0 */
export function readAssumptions(text: string): Assumptions {
  const read = { ...defaultAssumptions };
  for (const pair of text.split(',').filter((each) => each.trim() !== '')) {
    const [name = '', value = ''] = pair.split('=').map((side) => side.trim());
    const known = Object.keys(defaultAssumptions).find((key): key is keyof Assumptions => key === name);
    const number = Number(value);
    if (known === undefined) throw new TypeError(`--assume knows ${Object.keys(read).join(', ')}, not ${name}.`);
    if (value === '' || !(number > 0))
      throw new TypeError(`--assume ${name} must be a number above 0, not "${value}".`);
    read[known] = number;
  }
  return read;
}
