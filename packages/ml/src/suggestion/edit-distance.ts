/** Insertions, deletions, substitutions and swaps of neighbours; `at[i]` is the distance to the first i characters of `word`. */
function distancesToPrefixes(typed: readonly string[], word: readonly string[]): number[] {
  let before: number[] = [];
  let row = Array.from({ length: word.length + 1 }, (_, index) => index);
  for (let i = 1; i <= typed.length; i++) {
    const next = [i];
    for (let j = 1; j <= word.length; j++) {
      const change = typed[i - 1] === word[j - 1] ? 0 : 1;
      let best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + change);
      const isSwap = i > 1 && j > 1 && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1];
      if (isSwap) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      next.push(best);
    }
    before = row;
    row = next;
  }
  return row;
}

export function editDistance(left: string, right: string): number {
  const word = [...right];
  return distancesToPrefixes([...left], word)[word.length] ?? word.length;
}

/** The beginning of `word` that is nearest to `typed`; of equals the one as long as `typed`, then the longer. */
export function nearestBeginning(typed: string, word: string): { beginning: string; distance: number } {
  const [typedCharacters, characters] = [[...typed], [...word]];
  const distances = distancesToPrefixes(typedCharacters, characters);
  let best = { size: 0, distance: distances[0] ?? 0 };
  for (let size = 1; size < distances.length; size++) {
    const distance = distances[size] ?? 0;
    const isCloser = distance < best.distance;
    const isBetterFit = distance === best.distance && best.size < typedCharacters.length;
    if (isCloser || isBetterFit) best = { size, distance };
  }
  return { beginning: characters.slice(0, best.size).join(''), distance: best.distance };
}

const signatureLength = 9;

/** What a typed word is looked up by: its beginning, whole and with each one character left out. */
export function wordSignatures(typed: string): string[] {
  const characters = [...typed].slice(0, signatureLength);
  const without = characters.map((_, skipped) => characters.filter((_each, index) => index !== skipped).join(''));
  return [...new Set([characters.join(''), ...without])];
}
