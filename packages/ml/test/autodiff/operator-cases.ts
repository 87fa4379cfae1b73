import { GraphBuilder } from '../../src/onnx/index.ts';
import { createNormalSource } from '../graphs/random-normal.ts';

/** What a case builds with: `x` is an activation of shape [rows, length, 4] whose first two sizes vary. */
export class CaseGraph extends GraphBuilder {
  readonly trainable: string[] = [];
  private readonly normal = createNormalSource(3);

  readonly x = this.op('Mul', ['input', this.weight([4])]);

  weight(dims: readonly number[], values?: readonly number[]): string {
    const name = `w${this.trainable.length}`;
    const count = dims.reduce((a, b) => a * b, 1);
    this.trainable.push(name);
    return this.init(
      name,
      dims,
      Float32Array.from({ length: count }, (_, i) => values?.[i] ?? this.normal()),
    );
  }

  frozen(dims: readonly number[], values: readonly number[]): string {
    return this.init(`frozen${this.initializers.length}`, dims, Float32Array.from(values));
  }

  /** An activation that stays above zero. */
  positive(): string {
    return this.op('Add', [this.op('Mul', [this.x, this.x]), this.float(0.5)]);
  }
}

export type OperatorCase = readonly [name: string, build: (g: CaseGraph) => string];

const float = (value: number) => ({ float: value });
const contrib = { domain: 'com.microsoft' };

const onX = (opType: string, attributes = {}): OperatorCase => [
  `${opType} ${JSON.stringify(attributes)}`,
  (g) => g.op(opType, [g.x], { attributes }),
];

const reduction = (opType: string, axes: number[] | undefined, attributes = {}): OperatorCase => [
  `${opType} over ${axes ?? 'all axes'} ${JSON.stringify(attributes)}`,
  (g) => g.op(opType, axes ? [g.x, g.int(axes)] : [g.x], { attributes }),
];

const broadcast = (opType: string, ...shapes: number[][]): OperatorCase[] =>
  shapes.flatMap((dims): OperatorCase[] => {
    const operand = (g: CaseGraph) => g.op('Add', [g.op('Exp', [g.weight(dims)]), g.float(0.5)]);
    return [
      [`${opType} with [${dims}] on the right`, (g) => g.op(opType, [g.x, operand(g)])],
      [`${opType} with [${dims}] on the left`, (g) => g.op(opType, [operand(g), g.positive()])],
    ];
  });

const arithmetic: OperatorCase[] = [
  ...broadcast('Mul', [4], [], [1, 4], [1, 1, 1], [2, 1, 1, 4]),
  ...broadcast('Add', [4]),
  ...broadcast('Sub', [1]),
  ...broadcast('Div', [2, 1, 1, 1]),
  ['Sum of three', (g) => g.op('Sum', [g.x, g.weight([4]), g.weight([1, 1, 4])])],
  ['Where with broadcast sides', (g) => g.op('Where', [g.op('Greater', [g.x, g.float(0)]), g.x, g.weight([4])])],
  [
    'Where with a broadcast condition',
    (g) => {
      const condition = g.op('Greater', [g.frozen([4], [1, -1, 1, -1]), g.float(0)]);
      return g.op('Where', [condition, g.weight([]), g.x]);
    },
  ],
  ['Pow by 2', (g) => g.op('Pow', [g.x, g.float(2)])],
  ['Pow by 3', (g) => g.op('Pow', [g.x, g.float(3)])],
  ['Pow by -0.5', (g) => g.op('Pow', [g.positive(), g.float(-0.5)])],
  ['Pow by an integer tensor', (g) => g.op('Pow', [g.x, g.int([1, 2, 3, 2])])],
  ['Pow by a weight', (g) => g.op('Pow', [g.positive(), g.weight([4])])],
  ...['Neg', 'Exp', 'Sin', 'Cos', 'Abs'].map((opType) => onX(opType)),
  ...['Sqrt', 'Log', 'Reciprocal'].map((opType): OperatorCase => [opType, (g) => g.op(opType, [g.positive()])]),
];

const activations: OperatorCase[] = [
  ...['Tanh', 'Sigmoid', 'Softplus', 'Relu', 'Erf', 'Gelu'].map((opType) => onX(opType)),
  onX('LeakyRelu', { alpha: float(0.2) }),
  onX('Gelu', { approximate: 'tanh' }),
  ['com.microsoft Gelu', (g) => g.op('Gelu', [g.x], contrib)],
  ['com.microsoft QuickGelu', (g) => g.op('QuickGelu', [g.x], { ...contrib, attributes: { alpha: float(1.5) } })],
  ['com.microsoft BiasGelu', (g) => g.op('BiasGelu', [g.x, g.weight([4])], contrib)],
  ['com.microsoft FastGelu', (g) => g.op('FastGelu', [g.x], contrib)],
  ['com.microsoft FastGelu with bias', (g) => g.op('FastGelu', [g.x, g.weight([4])], contrib)],
  ['Clip', (g) => g.op('Clip', [g.x, g.float(-0.5), g.float(0.7)])],
  ['Max of two', (g) => g.op('Max', [g.x, g.weight([4])])],
  ['Max of three', (g) => g.op('Max', [g.x, g.weight([4]), g.weight([])])],
  ['Min', (g) => g.op('Min', [g.x, g.weight([4])])],
];

const shapes: OperatorCase[] = [
  onX('Identity'),
  onX('Transpose'),
  onX('Transpose', { perm: [1, 2, 0] }),
  onX('Flatten', { axis: 2 }),
  onX('Cast', { to: 1 }),
  onX('Dropout'),
  ['Reshape', (g) => g.op('Reshape', [g.x, g.int([0, -1, 2])])],
  ['Squeeze', (g) => g.op('Squeeze', [g.weight([3, 1, 2]), g.int([1])])],
  ['Unsqueeze', (g) => g.op('Unsqueeze', [g.x, g.int([0, 4])])],
  ['Expand to a varying shape', (g) => g.op('Expand', [g.weight([1, 4]), g.op('Shape', ['input'])])],
  ['Expand to more axes', (g) => g.op('Expand', [g.weight([3, 1]), g.int([2, 3, 5])])],
];

const reductions: OperatorCase[] = [
  ...[
    'ReduceSum',
    'ReduceMean',
    'ReduceL1',
    'ReduceL2',
    'ReduceSumSquare',
    'ReduceLogSumExp',
    'ReduceMax',
    'ReduceMin',
  ].flatMap((opType) => [
    reduction(opType, [-1], { keepdims: 0 }),
    reduction(opType, [1], { keepdims: 1 }),
    reduction(opType, undefined, { keepdims: 0 }),
  ]),
  reduction('ReduceMean', [0, 2], { keepdims: 0 }),
  reduction('ReduceSum', undefined, { noop_with_empty_axes: 1 }),
  onX('Softmax', { axis: -1 }),
  onX('Softmax', { axis: 1 }),
  onX('LogSoftmax', { axis: 2 }),
  onX('LpNormalization'),
  onX('LpNormalization', { axis: 1, p: 1 }),
  ['LayerNormalization', (g) => g.op('LayerNormalization', [g.x, g.weight([4]), g.weight([4])])],
  [
    'LayerNormalization without shift',
    (g) => g.op('LayerNormalization', [g.x, g.weight([4])], { attributes: { axis: 2 } }),
  ],
  [
    'com.microsoft SkipLayerNormalization',
    (g) => {
      const inputs = [g.x, g.op('Mul', ['input', g.weight([4])]), g.weight([4]), g.weight([4]), g.weight([4])];
      return g.op('SkipLayerNormalization', inputs, { ...contrib, attributes: { epsilon: float(1e-5) } });
    },
  ],
];

const attentions: OperatorCase[] = [
  [
    'com.microsoft Attention',
    (g) => g.op('Attention', [g.x, g.weight([4, 12]), g.weight([12])], { ...contrib, attributes: { num_heads: 2 } }),
  ],
  [
    'com.microsoft MultiHeadAttention',
    (g) => {
      const inputs = [0, 1, 2].map(() => g.op('MatMul', [g.x, g.weight([4, 4])]));
      return g.op('MultiHeadAttention', [...inputs, g.weight([12])], { ...contrib, attributes: { num_heads: 2 } });
    },
  ],
  [
    'com.microsoft FusedMatMul of activations',
    (g) => {
      const attributes = { transB: 1, alpha: float(0.5) };
      return g.op('FusedMatMul', [g.x, g.op('Tanh', [g.x])], { ...contrib, attributes });
    },
  ],
  [
    'com.microsoft SkipSimplifiedLayerNormalization',
    (g) => g.op('SkipSimplifiedLayerNormalization', [g.x, g.op('Exp', [g.x]), g.weight([4])], contrib),
  ],
];

const products: OperatorCase[] = [
  ['MatMul by a matrix', (g) => g.op('MatMul', [g.x, g.weight([4, 3])])],
  ['MatMul of two matrices', (g) => g.op('MatMul', [g.weight([2, 4]), g.weight([4, 3])])],
  [
    'MatMul of activations',
    (g) => {
      const turned = g.op('Transpose', [g.op('Tanh', [g.x])], { attributes: { perm: [0, 2, 1] } });
      return g.op('MatMul', [g.x, turned]);
    },
  ],
  ['MatMul with a broadcast batch', (g) => g.op('MatMul', [g.x, g.weight([1, 4, 3])])],
  ['MatMul with a further batch axis', (g) => g.op('MatMul', [g.x, g.weight([2, 1, 4, 3])])],
  [
    'MatMul of a matrix by a batch',
    (g) => {
      const turned = g.op('Transpose', [g.x], { attributes: { perm: [0, 2, 1] } });
      return g.op('MatMul', [g.weight([3, 4]), turned]);
    },
  ],
  ...[0, 1].flatMap((transA) =>
    [0, 1].map(
      (transB): OperatorCase => [
        `Gemm transA ${transA} transB ${transB}`,
        (g) => {
          const inputs = [g.weight(transA ? [4, 2] : [2, 4]), g.weight(transB ? [3, 4] : [4, 3]), g.weight([3])];
          return g.op('Gemm', inputs, { attributes: { transA, transB, alpha: float(0.5), beta: float(2) } });
        },
      ],
    ),
  ),
  ['Gemm without addend', (g) => g.op('Gemm', [g.op('Flatten', [g.x], { attributes: { axis: 2 } }), g.weight([4, 2])])],
];

const parts: OperatorCase[] = [
  [
    'Concat of weights and activations',
    (g) => {
      const token = g.op('Expand', [
        g.weight([1, 1, 4]),
        g.op('Concat', [g.op('Slice', [g.op('Shape', ['input']), g.int([0]), g.int([1])]), g.int([2, 4])], {
          attributes: { axis: 0 },
        }),
      ]);
      return g.op('Concat', [token, g.x, 'input'], { attributes: { axis: 1 } });
    },
  ],
  [
    'Split into equal parts',
    (g) => {
      const [a = '', b = ''] = g.ops('Split', [g.x], { count: 2, attributes: { axis: -1, num_outputs: 2 } });
      return g.op('Mul', [a, g.op('Exp', [b])]);
    },
  ],
  [
    'Split with a part unused',
    (g) => {
      const [a = ''] = g.ops('Split', [g.x, g.int([1, 3])], { count: 2, attributes: { axis: 2 } });
      return a;
    },
  ],
  ['Slice from the front', (g) => g.op('Slice', [g.x, g.int([1]), g.int([3]), g.int([2])])],
  [
    'Slice of two axes to the end',
    (g) => g.op('Slice', [g.x, g.int([1, 1]), g.int([2 ** 40, 2 ** 40]), g.int([0, -1])]),
  ],
  ['Slice from the back', (g) => g.op('Slice', [g.x, g.int([-2]), g.int([2 ** 40]), g.int([1]), g.int([1])])],
  [
    'Slice from a computed start',
    (g) => {
      const start = g.op('Sub', [g.op('Slice', [g.op('Shape', ['input']), g.int([1]), g.int([2])]), g.int([2])]);
      return g.op('Slice', [g.x, start, g.int([2 ** 40]), g.int([1])]);
    },
  ],
];

const picks: OperatorCase[] = [
  ['Gather of table rows that repeat', (g) => g.op('Gather', [g.weight([5, 2]), g.int([1, 3, 1, 1])])],
  ['Gather of table rows by varying ids', (g) => g.op('Gather', [g.weight([5, 2]), 'ids'])],
  ['Gather of negative rows', (g) => g.op('Gather', [g.weight([5, 2]), g.int([-1, 2, 4])])],
  ['Gather of a table with three axes', (g) => g.op('Gather', [g.weight([3, 2, 2]), 'ids'])],
  ['Gather of the first position', (g) => g.op('Gather', [g.x, g.int(0)], { attributes: { axis: 1 } })],
  ['Gather of one position, axis kept', (g) => g.op('Gather', [g.x, g.int([1])], { attributes: { axis: 1 } })],
  ['Gather of several positions', (g) => g.op('Gather', [g.x, g.int([2, 0, 2])], { attributes: { axis: 1 } })],
  ['Gather of the last axis', (g) => g.op('Gather', [g.x, 'ids'], { attributes: { axis: 2 } })],
  ['GatherND of vectors', (g) => g.op('GatherND', [g.x, g.op('Unsqueeze', [g.int([1, 0, 1]), g.int([1])])])],
  [
    'GatherND of cells that repeat',
    (g) => {
      const cells = g.op('Reshape', [g.int([0, 1, 1, -1, 0, 1]), g.int([3, 2])]);
      return g.op('GatherND', [g.x, cells]);
    },
  ],
];

export const operatorCases: readonly OperatorCase[] = [
  ...arithmetic,
  ...activations,
  ...shapes,
  ...reductions,
  ...products,
  ...attentions,
  ...parts,
  ...picks,
];
