import type { OnnxModel } from '../onnx/index.ts';
import { decomposeContrib } from './decompose/index.ts';
import { fusePatterns } from './fuse-patterns.ts';
import { requireTrainable } from './require-trainable.ts';
import { upgradeOpset } from './upgrade-opset.ts';

/**
 * The form in which a model is trained: opset 20 or newer, standard operators, known patterns fused. Append pooling
 * and loss to this form. Doing it twice changes nothing.
 * @throws StudioError GRAPH_UNSUPPORTED for quantised and 16-bit models, and fused nodes in a form that is not known.
 */
export function prepareModel(model: OnnxModel): OnnxModel {
  requireTrainable(model.graph);
  const upgraded = upgradeOpset(model);
  return { ...upgraded, graph: fusePatterns(decomposeContrib(upgraded.graph)) };
}
