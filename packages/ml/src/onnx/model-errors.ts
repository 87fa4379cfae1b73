import { StudioError } from '@embedding-studio/contracts';

/** The file is damaged, or a tensor or graph contradicts itself. */
export function modelInvalid(message: string): StudioError {
  return new StudioError('MODEL_INVALID', message);
}

/** The model is well formed, but in a form that cannot be trained or changed here. The message names the node or tensor. */
export function graphUnsupported(message: string): StudioError {
  return new StudioError('GRAPH_UNSUPPORTED', message);
}
