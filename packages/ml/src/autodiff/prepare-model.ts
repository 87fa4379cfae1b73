import type { OnnxModel } from '../onnx/index.ts';
import { decomposeContrib } from './decompose-contrib.ts';
import { fusePatterns } from './fuse-patterns.ts';
import { upgradeOpset } from './upgrade-opset.ts';

/**
 * The form in which a model is trained: opset 20 or newer, standard operators, known patterns fused. Append pooling
 * and loss to this form. Doing it twice changes nothing.
 */
export function prepareModel(model: OnnxModel): OnnxModel {
  const upgraded = upgradeOpset(model);
  return { ...upgraded, graph: fusePatterns(decomposeContrib(upgraded.graph)) };
}
