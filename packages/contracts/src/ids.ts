const prefixes = {
  task: 'tsk',
  rollout: 'rol',
  model: 'mdl',
  collection: 'col',
  batch: 'bat',
  key: 'key',
  run: 'run',
  experiment: 'exp',
  readout: 'rdo',
  session: 'ses',
  source: 'src',
  request: 'req',
  view: 'viw',
  check: 'chk',
  invitation: 'inv',
} as const;

/** Prefixed random id, e.g. `mdl_3f2a9c…`: 32 lower-case hex digits after the prefix. Safe inside SQL identifiers. */
export function newId(noun: keyof typeof prefixes): string {
  return `${prefixes[noun]}_${globalThis.crypto.randomUUID().replaceAll('-', '')}`;
}
