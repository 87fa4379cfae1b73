/** Message types of Triton's ModelConfig that our files use, with all their fields: scalars, words or message types. */
export type Schema = Record<string, Record<string, string>>;

/** From triton-inference-server/common, protobuf/model_config.proto. `map` is an entry of a map, `key` and `value`. */
export const modelConfigSchema: Schema = {
  ModelConfig: {
    ...{ name: 'string', platform: 'string', backend: 'string', runtime: 'string' },
    ...{ version_policy: 'ModelVersionPolicy', max_batch_size: 'int', input: 'ModelInput', output: 'ModelOutput' },
    ...{ optimization: 'ModelOptimizationPolicy', dynamic_batching: 'ModelDynamicBatching' },
    ...{ instance_group: 'ModelInstanceGroup', default_model_filename: 'string', parameters: 'ParameterEntry' },
    model_warmup: 'ModelWarmup',
  },
  ModelVersionPolicy: { latest: 'Latest' },
  Latest: { num_versions: 'int' },
  ModelInput: { name: 'string', data_type: 'TYPE_', dims: 'int', allow_ragged_batch: 'bool', optional: 'bool' },
  ModelOutput: { name: 'string', data_type: 'TYPE_', dims: 'int', label_filename: 'string' },
  ModelInstanceGroup: { name: 'string', kind: 'KIND_', count: 'int', gpus: 'int', profile: 'string', passive: 'bool' },
  ModelDynamicBatching: {
    ...{ preferred_batch_size: 'int', max_queue_delay_microseconds: 'int', preserve_ordering: 'bool' },
    ...{ priority_levels: 'int', default_priority_level: 'int', default_queue_policy: 'ModelQueuePolicy' },
  },
  ModelQueuePolicy: {
    ...{ timeout_action: 'REJECT', default_timeout_microseconds: 'int', allow_timeout_override: 'bool' },
    max_queue_size: 'int',
  },
  ModelOptimizationPolicy: { execution_accelerators: 'ExecutionAccelerators', eager_batching: 'bool' },
  ExecutionAccelerators: { gpu_execution_accelerator: 'Accelerator', cpu_execution_accelerator: 'Accelerator' },
  Accelerator: { name: 'string', parameters: 'StringEntry' },
  ModelWarmup: { name: 'string', batch_size: 'int', inputs: 'WarmupEntry', count: 'int' },
  WarmupEntry: { key: 'string', value: 'WarmupInput' },
  WarmupInput: { data_type: 'TYPE_', dims: 'int', zero_data: 'bool', random_data: 'bool', input_data_file: 'string' },
  StringEntry: { key: 'string', value: 'string' },
  ParameterEntry: { key: 'string', value: 'ModelParameter' },
  ModelParameter: { string_value: 'string' },
};

const patterns: Record<string, RegExp> = { string: /^"[^"\\]*"$/, int: /^-?\d+$/, bool: /^(true|false)$/ };

/** Every fault of a file in text format: unknown fields, values of another type, braces that do not close. */
export function findProtoFaults(text: string, schema: Schema, root: string): string[] {
  const tokens = text.match(/"[^"]*"|[{}:]|[^\s{}:"]+/g) ?? [];
  const faults: string[] = [];
  const open = [root];
  for (let at = 0; at < tokens.length; ) {
    const [name = '', next = '', value = ''] = tokens.slice(at, at + 3);
    const type = open.at(-1) ?? '';
    if (name === '}') {
      open.pop();
      at += 1;
      continue;
    }
    const expected = schema[type]?.[name];
    if (expected === undefined) faults.push(`${type} has no field ${name}`);
    if (next === '{') {
      if (expected !== undefined && schema[expected] === undefined) faults.push(`${type}.${name} is no message`);
      open.push(expected ?? '');
      at += 2;
      continue;
    }
    if (next !== ':' || !isScalar(value, expected ?? '')) faults.push(`${type}.${name}: ${value} is no ${expected}`);
    at += 3;
  }
  return open.length === 1 ? faults : [...faults, `${open.length - 1} braces do not close`];
}

/** A type that is no scalar's name is the beginning of an enumeration's words. */
function isScalar(value: string, type: string): boolean {
  return patterns[type]?.test(value) ?? (type !== '' && value.startsWith(type));
}
