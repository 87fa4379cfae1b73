export { createLog, type LogOptions } from './create-log.ts';
export { redactFields } from './redact-fields.ts';
export { redactText } from './redact-text.ts';
export { reportCrashes } from './report-crashes.ts';
