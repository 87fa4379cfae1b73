export type ScalarKind = 'int' | 'bigint' | 'ubigint' | 'float' | 'double' | 'string' | 'bytes';

export type MessageName =
  | 'Model'
  | 'OpsetImport'
  | 'KeyValue'
  | 'Graph'
  | 'Node'
  | 'Attribute'
  | 'Tensor'
  | 'ValueInfo'
  | 'Type'
  | 'TensorType'
  | 'Shape'
  | 'Dimension';

export interface FieldSchema {
  readonly key: string;
  readonly kind: ScalarKind | MessageName;
  /** `always`: an empty list when absent. `optional`: the key is left out when absent. */
  readonly repeated?: 'always' | 'optional';
  readonly packed?: boolean;
}

export type MessageSchema = Readonly<Record<number, FieldSchema>>;

const one = (key: string, kind: FieldSchema['kind']): FieldSchema => ({ key, kind });
const list = (key: string, kind: FieldSchema['kind']): FieldSchema => ({ key, kind, repeated: 'always' });
const maybe = (key: string, kind: FieldSchema['kind']): FieldSchema => ({ key, kind, repeated: 'optional' });
const packed = (key: string, kind: FieldSchema['kind']): FieldSchema => ({ ...maybe(key, kind), packed: true });

/** Field numbers of onnx.proto, for the messages this product reads or writes by name. */
export const messageSchemas: Readonly<Record<MessageName, MessageSchema>> = {
  Model: {
    1: one('irVersion', 'int'),
    2: one('producerName', 'string'),
    3: one('producerVersion', 'string'),
    4: one('domain', 'string'),
    5: one('modelVersion', 'bigint'),
    6: one('docString', 'string'),
    7: one('graph', 'Graph'),
    8: list('opsetImport', 'OpsetImport'),
    14: list('metadataProps', 'KeyValue'),
  },
  OpsetImport: { 1: one('domain', 'string'), 2: one('version', 'int') },
  KeyValue: { 1: one('key', 'string'), 2: one('value', 'string') },
  Graph: {
    1: list('node', 'Node'),
    2: one('name', 'string'),
    5: list('initializer', 'Tensor'),
    10: one('docString', 'string'),
    11: list('input', 'ValueInfo'),
    12: list('output', 'ValueInfo'),
    13: list('valueInfo', 'ValueInfo'),
  },
  Node: {
    1: list('input', 'string'),
    2: list('output', 'string'),
    3: one('name', 'string'),
    4: one('opType', 'string'),
    5: list('attribute', 'Attribute'),
    6: one('docString', 'string'),
    7: one('domain', 'string'),
  },
  Attribute: {
    1: one('name', 'string'),
    2: one('f', 'float'),
    3: one('i', 'bigint'),
    4: one('s', 'bytes'),
    5: one('t', 'Tensor'),
    6: one('g', 'Graph'),
    7: maybe('floats', 'float'),
    8: maybe('ints', 'bigint'),
    9: maybe('strings', 'bytes'),
    10: maybe('tensors', 'Tensor'),
    11: maybe('graphs', 'Graph'),
    13: one('docString', 'string'),
    20: one('type', 'int'),
  },
  Tensor: {
    1: list('dims', 'int'),
    2: one('dataType', 'int'),
    4: packed('floatData', 'float'),
    5: packed('int32Data', 'int'),
    6: maybe('stringData', 'bytes'),
    7: packed('int64Data', 'bigint'),
    8: one('name', 'string'),
    9: one('rawData', 'bytes'),
    10: packed('doubleData', 'double'),
    11: packed('uint64Data', 'ubigint'),
    12: one('docString', 'string'),
    13: maybe('externalData', 'KeyValue'),
    14: one('dataLocation', 'int'),
  },
  ValueInfo: { 1: one('name', 'string'), 2: one('type', 'Type'), 3: one('docString', 'string') },
  Type: { 1: one('tensorType', 'TensorType') },
  TensorType: { 1: one('elemType', 'int'), 2: one('shape', 'Shape') },
  Shape: { 1: list('dim', 'Dimension') },
  Dimension: { 1: one('dimValue', 'int'), 2: one('dimParam', 'string') },
};

export function isMessageName(kind: FieldSchema['kind']): kind is MessageName {
  return kind in messageSchemas;
}
