export { createLog, type LogOptions } from './create-log.ts';
export { redactFields, redactText } from './redact-fields.ts';
