import { dataTypes, GraphBuilder, type OnnxModel } from '../../src/onnx/index.ts';

export interface RankingLossOptions {
  /** `mean` over the masked sequence, or `none` when the model gives one vector per row. */
  readonly pooling: 'mean' | 'none';
  /** Output of the model the loss reads. */
  readonly hidden?: string;
}

/** Appends unit-length embeddings and a margin loss over three equal blocks of rows: query, clicked, not clicked. */
export function appendRankingLoss(model: OnnxModel, { pooling, hidden = 'hidden' }: RankingLossOptions): OnnxModel {
  const builder = new GraphBuilder('loss_');
  const pooled = pooling === 'mean' ? poolMean(builder, hidden) : hidden;
  const norm = builder.op('ReduceL2', [pooled, builder.int([-1])]);
  const [query = '', near = '', far = ''] = builder.ops('Split', [builder.op('Div', [pooled, norm])], {
    count: 3,
    attributes: { axis: 0, num_outputs: 3 },
  });
  const dot = (a: string, b: string) =>
    builder.op('ReduceSum', [builder.op('Mul', [a, b]), builder.int([-1])], { attributes: { keepdims: 0 } });
  const gap = builder.op('Sub', [dot(query, far), dot(query, near)]);
  const hinge = builder.op('Relu', [builder.op('Add', [gap, builder.float(0.9)])]);
  builder.op('ReduceMean', [hinge], { attributes: { keepdims: 0 }, output: 'loss' });
  const { graph } = model;
  return {
    ...model,
    graph: {
      ...graph,
      node: [...graph.node, ...builder.nodes],
      initializer: [...graph.initializer, ...builder.initializers],
      output: [{ name: 'loss' }],
    },
  };
}

function poolMean(builder: GraphBuilder, hidden: string): string {
  const cast = builder.op('Cast', ['attention_mask'], { attributes: { to: dataTypes.float } });
  const mask = builder.op('Unsqueeze', [cast, builder.int([-1])]);
  const total = (x: string) => builder.op('ReduceSum', [x, builder.int([1])], { attributes: { keepdims: 0 } });
  return builder.op('Div', [total(builder.op('Mul', [hidden, mask])), total(mask)]);
}
