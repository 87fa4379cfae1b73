/** The last `@` before a space or quote ends the password: whoever forgets to encode one has it hidden all the same. */
const urlPassword = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/"'<>]*):[^\s"'<>]+@/gi;
const authorisation = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi;
const headerLine = /\b(authorization|proxy-authorization|cookie|set-cookie)(["']?\s*:\s*["']?)[^\r\n"']+/gi;
const secretWord = 'pass(?:word|wd|phrase)?|secret|token|api[-_]?key|access[-_]?key(?:[-_]?id)?|signature|credential';
/** `name=value` of addresses, settings and connection strings, whatever stands before or behind the word. */
const assignment = new RegExp(`\\b([\\w.-]*(?:${secretWord})[\\w.-]*=)[^\\s&"',;}]+`, 'gi');
/** `"name":"value"` of JSON, also where it stands quoted inside another text. */
const quoted = new RegExp(`((?:\\\\*["'])[\\w.-]*(?:${secretWord})(?:\\\\*["'])\\s*:\\s*\\\\*["'])[^"'\\\\]+`, 'gi');
const ownKey = /\bes_(?:[a-z][a-z0-9-]*\.)?[\w-]{20,}/g;
const amazonKey = /\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g;
const privateKey = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[\s\S]*?(?:-----END \1PRIVATE KEY-----|$)/g;

/**
 * Hides what looks like a secret inside a text: passwords in addresses, authorisation headers and cookies, keys of ours
 * and of object stores, signatures of signed addresses, values that are named as secrets.
 */
export function redactText(text: string): string {
  return text
    .replace(privateKey, '[private key]')
    .replace(urlPassword, '$1:…@')
    .replace(authorisation, '$1 …')
    .replace(headerLine, '$1$2…')
    .replace(assignment, '$1…')
    .replace(quoted, '$1…')
    .replace(ownKey, 'es_…')
    .replace(amazonKey, '…');
}
