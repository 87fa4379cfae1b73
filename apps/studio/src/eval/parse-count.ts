import { InvalidArgumentError } from 'commander';

/** A whole number of at least `least` (1 when not given), or the command says what is wrong with it. */
export function parseCount(name: string, least = 1): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value < 2 ** 31) return value;
    throw new InvalidArgumentError(`${name} must be a whole number of at least ${least}.`);
  };
}

/** Minutes above 0, parts of one as well. */
export function parseMinutes(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && value < 2 ** 31) return value;
  throw new InvalidArgumentError('minutes must be a number above 0.');
}
