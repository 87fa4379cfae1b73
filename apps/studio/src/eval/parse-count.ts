import { InvalidArgumentError } from 'commander';

/** A whole number above zero, or the command says what is wrong with it. */
export function parseCount(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value > 0 && value < 2 ** 31) return value;
    throw new InvalidArgumentError(`${name} must be a whole number above 0.`);
  };
}
