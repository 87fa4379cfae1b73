export interface KeyEntry {
  key: string;
  id: string;
}

const BLOCK_SIZE = 512;

function isBefore(a: KeyEntry, b: KeyEntry): boolean {
  // Keys are long and often begin alike: one comparison settles half of all cases.
  return a.key < b.key || (a.key === b.key && a.id < b.id);
}

/** First position whose entry is not before the target. */
function lowerBound<T>(list: T[], isLess: (item: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isLess(list[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Entries sorted by key, then id, in blocks small enough that an insertion in the middle stays cheap. */
export class OrderedKeys {
  #blocks: KeyEntry[][] = [];
  /** Where the last entry was looked for: entries that come in order are found without a search of all blocks. */
  #lastBlockAt = 0;

  load(entries: KeyEntry[]): void {
    entries.sort((a, b) => (isBefore(a, b) ? -1 : 1));
    this.#blocks = [];
    for (let at = 0; at < entries.length; at += BLOCK_SIZE) this.#blocks.push(entries.slice(at, at + BLOCK_SIZE));
  }

  add(entry: KeyEntry): void {
    const { block, blockAt, at } = this.#locate(entry);
    if (!block) {
      this.#blocks.push([entry]);
      return;
    }
    block.splice(at, 0, entry);
    if (block.length > 2 * BLOCK_SIZE) this.#blocks.splice(blockAt + 1, 0, block.splice(BLOCK_SIZE));
  }

  remove(entry: KeyEntry): void {
    const { block, blockAt, at } = this.#locate(entry);
    if (block?.[at]?.key !== entry.key || block[at]?.id !== entry.id) return;
    block.splice(at, 1);
    if (block.length === 0) this.#blocks.splice(blockAt, 1);
  }

  findId(key: string): string | undefined {
    for (const entry of this.range(key, key)) return entry.id;
    return undefined;
  }

  /** Entries with `from <= key <= to`, backwards if asked. */
  *range(from: string, to: string, backwards = false): Generator<KeyEntry> {
    const blocks = this.#blocks;
    const edge = backwards ? { key: to, id: '\uffff' } : { key: from, id: '' };
    const start = this.#locate(edge);
    let blockAt = start.blockAt;
    let at = backwards ? start.at - 1 : start.at;
    for (let block = blocks[blockAt]; block; block = blocks[blockAt]) {
      for (let entry = block[at]; entry; entry = block[at]) {
        if (backwards ? entry.key < from : entry.key > to) return;
        if (backwards ? entry.key <= to : entry.key >= from) yield entry;
        at += backwards ? -1 : 1;
      }
      blockAt += backwards ? -1 : 1;
      at = backwards ? (blocks[blockAt]?.length ?? 0) - 1 : 0;
    }
  }

  /** How many entries `range` would yield, without yielding them. */
  count(from: string, to: string): number {
    return Math.max(0, this.#rank({ key: to, id: '\uffff' }) - this.#rank({ key: from, id: '' }));
  }

  /** Entries before this one. */
  #rank(entry: KeyEntry): number {
    const { blockAt, at } = this.#locate(entry);
    let before = at;
    for (let index = 0; index < blockAt; index++) before += this.#blocks[index]?.length ?? 0;
    return before;
  }

  /** The last block takes what sorts after everything. */
  #locate(entry: KeyEntry): { block: KeyEntry[] | undefined; blockAt: number; at: number } {
    const blockAt = this.#isIn(this.#lastBlockAt, entry) ? this.#lastBlockAt : this.#findBlock(entry);
    this.#lastBlockAt = blockAt;
    const block = this.#blocks[blockAt];
    return { block, blockAt, at: block ? lowerBound(block, (item) => isBefore(item, entry)) : 0 };
  }

  #findBlock(entry: KeyEntry): number {
    const past = lowerBound(this.#blocks, (block) => isBefore(block[block.length - 1] as KeyEntry, entry));
    return Math.max(0, Math.min(past, this.#blocks.length - 1));
  }

  /** After the last entry of the block before and not after its own last one; the last block takes all that is later. */
  #isIn(blockAt: number, entry: KeyEntry): boolean {
    const last = this.#blocks[blockAt]?.at(-1);
    if (last === undefined) return false;
    if (blockAt < this.#blocks.length - 1 && isBefore(last, entry)) return false;
    const before = this.#blocks[blockAt - 1]?.at(-1);
    return before === undefined ? blockAt === 0 : isBefore(before, entry);
  }
}
