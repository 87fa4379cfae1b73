import { graphUnsupported, type OnnxModel } from '../onnx/index.ts';
import { pruneGraph } from './graph-values.ts';
import { type Feeds, withSession } from './runtime-session.ts';

export interface ProbedValue {
  /** Sizes seen in the first probe run. */
  readonly dims: readonly number[];
  /** Per axis: the size was the same in both runs. */
  readonly fixed: readonly boolean[];
  /** Element type as ONNX Runtime names it. */
  readonly type: string;
}

/**
 * Ranks, element types and fixed sizes of the named values, learnt from two small runs. The two feeds must differ in
 * every size that may vary (batch, sequence) and use no size of 1 there.
 */
export async function probeShapes(
  model: OnnxModel,
  names: Iterable<string>,
  probes: readonly [Feeds, Feeds],
): Promise<Map<string, ProbedValue>> {
  const inputs = new Set(model.graph.input.map((input) => input.name ?? ''));
  const output = [...names].filter((name) => !inputs.has(name)).map((name) => ({ name }));
  const graph = pruneGraph({ ...model.graph, output });
  const options = { threads: 1, optimization: 'disabled' } as const;
  const seen = await withSession({ ...model, graph }, options, async (run) => [
    await run(probes[0]),
    await run(probes[1]),
  ]);
  const [first, second] = [0, 1].map((i) => ({ ...probes[i], ...seen[i] }));
  return new Map([...names].map((name) => [name, compare(name, first?.[name], second?.[name])]));
}

interface Seen {
  readonly dims: readonly number[];
  readonly type: string;
}

function compare(name: string, first: Seen | undefined, second: Seen | undefined): ProbedValue {
  if (!first || !second) throw graphUnsupported(`The probe runs gave no value named ${name}`);
  if (first.dims.length !== second.dims.length) {
    throw graphUnsupported(
      `Value ${name} has rank ${first.dims.length} in one probe run and ${second.dims.length} in the other`,
    );
  }
  const fixed = first.dims.map((size, axis) => size === second.dims[axis]);
  if (first.dims.some((size, axis) => !fixed[axis] && (size === 1 || second.dims[axis] === 1))) {
    throw graphUnsupported(`Value ${name} has a varying size that is 1 in a probe run: use probes with larger sizes`);
  }
  return { dims: first.dims.map(Number), fixed, type: first.type };
}
