/** Bytes of protobuf fields this codec has no name for; written back unchanged. */
export interface WithUnknownFields {
  unknownFields?: Uint8Array[];
}

export interface OnnxKeyValue extends WithUnknownFields {
  key?: string;
  value?: string;
}

export interface OnnxOpsetImport extends WithUnknownFields {
  /** Empty or `ai.onnx` for the standard operators. */
  domain?: string;
  version?: number;
}

export interface OnnxTensor extends WithUnknownFields {
  name?: string;
  dims: number[];
  /** TensorProto.DataType: see `dataTypes`. */
  dataType?: number;
  /** Little-endian values; a view into the decoded file, not a copy. */
  rawData?: Uint8Array;
  /** Where `rawData` starts in the decoded file, in bytes. Absent for tensors made in memory. */
  rawOffset?: number;
  floatData?: number[];
  int32Data?: number[];
  int64Data?: bigint[];
  doubleData?: number[];
  uint64Data?: bigint[];
  stringData?: Uint8Array[];
  docString?: string;
  externalData?: OnnxKeyValue[];
  /** 1 when the values are kept in another file. */
  dataLocation?: number;
}

export interface OnnxAttribute extends WithUnknownFields {
  name?: string;
  /** AttributeProto.AttributeType: see `attributeTypes`. */
  type?: number;
  f?: number;
  i?: bigint;
  s?: Uint8Array;
  t?: OnnxTensor;
  g?: OnnxGraph;
  floats?: number[];
  ints?: bigint[];
  strings?: Uint8Array[];
  tensors?: OnnxTensor[];
  graphs?: OnnxGraph[];
  docString?: string;
}

export interface OnnxNode extends WithUnknownFields {
  /** Value names; an empty string is an omitted optional input. */
  input: string[];
  output: string[];
  name?: string;
  opType?: string;
  domain?: string;
  attribute: OnnxAttribute[];
  docString?: string;
}

export interface OnnxDimension extends WithUnknownFields {
  dimValue?: number;
  dimParam?: string;
}

export interface OnnxTensorType extends WithUnknownFields {
  elemType?: number;
  shape?: { dim: OnnxDimension[] } & WithUnknownFields;
}

export interface OnnxValueInfo extends WithUnknownFields {
  name?: string;
  type?: { tensorType?: OnnxTensorType } & WithUnknownFields;
  docString?: string;
}

export interface OnnxGraph extends WithUnknownFields {
  name?: string;
  node: OnnxNode[];
  initializer: OnnxTensor[];
  input: OnnxValueInfo[];
  output: OnnxValueInfo[];
  valueInfo: OnnxValueInfo[];
  docString?: string;
}

export interface OnnxModel extends WithUnknownFields {
  irVersion?: number;
  producerName?: string;
  producerVersion?: string;
  domain?: string;
  modelVersion?: bigint;
  docString?: string;
  graph: OnnxGraph;
  opsetImport: OnnxOpsetImport[];
  metadataProps: OnnxKeyValue[];
}
