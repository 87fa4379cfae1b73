/** What one server was measured to need for so many vectors. */
export interface MeasuredSize {
  vectors: number;
  tableBytes: number;
  indexBytes: number;
  buildSeconds: number;
  /** Log that the build writes. */
  buildLogBytes: number;
  p50Ms: number;
  p95Ms: number;
  /** With a few clients at once, on all cores of the machine. */
  queriesPerSecond: number;
  recall: number;
}

/** An index over the signs of the values, whose candidates are ordered again by the full vectors. */
export interface MeasuredBinary {
  vectors: number;
  indexBytes: number;
  buildSeconds: number;
  /** By how many candidates are ordered again; the beam is as wide. */
  found: { candidates: number; recall: number; p50Ms: number }[];
}

export interface MeasuredInputs {
  dims: number;
  cores: number;
  /** Ascending by vectors; the model goes on from the last two. */
  sizes: readonly MeasuredSize[];
  /** Log of one vector that is added where the index is there already: just after a checkpoint, when pages are logged whole, and later. */
  insertLogBytes: { first: number; later: number };
  binary: MeasuredBinary;
  /** Vectors that a standby replays in a second, index included. */
  replayPerSecond: number;
}

/** What a reader may change. */
export interface Assumptions {
  /** What asking all partitions, merging and the last statement add to the slowest partition (`npm run bench -- partitions`). */
  mergeMs: number;
  /** Memory of one server, GiB. */
  serverGiB: number;
  serverCores: number;
  /** Of them, those that build one index: parallel builds do not use any number well. */
  buildCores: number;
  /** Share of the memory that the index may take; the rest is for the table’s hot pages, words, connections. */
  indexShare: number;
  /** Share of the vectors’ table that must be in memory for the distances of candidates. */
  hotTableShare: number;
  /** Searches per second that must be answered. */
  searchesPerSecond: number;
  /** Prices of a month, in any currency. */
  priceGiBMemory: number;
  priceCore: number;
  priceGiBDisk: number;
}

export interface CapacityRow {
  vectors: number;
  /** Of table and index, over all partitions. */
  diskGiB: number;
  /** That should be in memory, over all partitions. */
  memoryGiB: number;
  /** Servers that hold a partition each. */
  partitions: number;
  /** Copies of each partition that the load needs. */
  copies: number;
  servers: number;
  /** Of one partition’s index, hours; all partitions build at once. */
  buildHours: number;
  p50Ms: number;
  p95Ms: number;
  /** Of a standby that follows while every vector of its partition is written once with the index there. */
  replayHours: number;
  pricePerMonth: number;
  /** No run was this large. */
  isExtrapolated: boolean;
}

const gib = 2 ** 30;

/** The same with the binary index in place of the half-precision one: times change as they did where both were measured. */
export function withBinaryIndex(inputs: MeasuredInputs): MeasuredInputs {
  const { binary } = inputs;
  const beside = inputs.sizes.find(({ vectors }) => vectors === binary.vectors);
  const slowest = binary.found.at(-1)?.p50Ms;
  const build = beside === undefined ? 1 : binary.buildSeconds / beside.buildSeconds;
  const search = beside === undefined || slowest === undefined ? 1 : slowest / beside.p50Ms;
  return {
    ...inputs,
    sizes: inputs.sizes.map((size) => ({
      ...size,
      indexBytes: (size.vectors * binary.indexBytes) / binary.vectors,
      buildSeconds: size.buildSeconds * build,
      p50Ms: size.p50Ms * search,
      p95Ms: size.p95Ms * search,
      queriesPerSecond: size.queriesPerSecond / search,
    })),
  };
}

export function bytesPerVector({ sizes }: Pick<MeasuredInputs, 'sizes'>): { table: number; index: number } {
  const last = sizes.at(-1);
  if (last === undefined) throw new TypeError('The model needs a measured size.');
  return { table: last.tableBytes / last.vectors, index: last.indexBytes / last.vectors };
}

/** A figure that grows by the same amount with every tenfold of vectors: how an HNSW search grows. */
export function growByLog(sizes: readonly MeasuredSize[], of: (size: MeasuredSize) => number, vectors: number): number {
  const [first, last] = [sizes.at(-2) ?? sizes.at(-1), sizes.at(-1)];
  if (first === undefined || last === undefined) throw new TypeError('The model needs a measured size.');
  if (first.vectors === last.vectors) return of(last);
  const perDecade = Math.max(0, of(last) - of(first)) / Math.log10(last.vectors / first.vectors);
  return Math.max(0, of(last) + perDecade * Math.log10(vectors / last.vectors));
}

/** Seconds of one index: n vectors, each searched for among those before it. */
export function buildSecondsOf(inputs: MeasuredInputs, vectors: number, cores: number): number {
  const perVector = growByLog(inputs.sizes, (size) => size.buildSeconds / size.vectors, vectors);
  return (vectors * perVector * inputs.cores) / cores;
}

export function planCapacity(inputs: MeasuredInputs, given: Assumptions, vectors: number): CapacityRow {
  const bytes = bytesPerVector(inputs);
  const indexGiB = (vectors * bytes.index) / gib;
  const tableGiB = (vectors * bytes.table) / gib;
  const partitions = Math.max(1, Math.ceil(indexGiB / (given.serverGiB * given.indexShare)));
  const each = vectors / partitions;
  const perSecond = (queriesPerSecondOf(inputs, each) * given.serverCores) / inputs.cores;
  const copies = Math.max(1, Math.ceil(given.searchesPerSecond / perSecond));
  const servers = partitions * copies;
  const p50Ms = growByLog(inputs.sizes, (size) => size.p50Ms, each);
  const merging = partitions > 1 ? given.mergeMs : 0;
  const diskGiB = indexGiB + tableGiB;
  return {
    vectors,
    diskGiB,
    memoryGiB: indexGiB + tableGiB * given.hotTableShare,
    ...{ partitions, copies, servers },
    buildHours: buildSecondsOf(inputs, each, Math.min(given.buildCores, given.serverCores)) / 3_600,
    p50Ms: p50Ms + merging,
    p95Ms: p50Ms * tailOf(inputs) + merging,
    replayHours: each / inputs.replayPerSecond / 3_600,
    pricePerMonth:
      servers * (given.serverGiB * given.priceGiBMemory + given.serverCores * given.priceCore) +
      copies * diskGiB * given.priceGiBDisk,
    isExtrapolated: each > (inputs.sizes.at(-1)?.vectors ?? 0),
  };
}

/** How much slower one search in twenty was, at the size where that was most. */
function tailOf({ sizes }: MeasuredInputs): number {
  return Math.max(1, ...sizes.map(({ p50Ms, p95Ms }) => p95Ms / p50Ms));
}

/** Falls as the time of one search grows. */
function queriesPerSecondOf({ sizes }: MeasuredInputs, vectors: number): number {
  return 1 / growByLog(sizes, ({ queriesPerSecond }) => 1 / queriesPerSecond, vectors);
}
