/** A file, tensor or graph that the ONNX code cannot read, change or differentiate. The message names what and where. */
export class OnnxError extends Error {
  override readonly name = 'OnnxError';
}
