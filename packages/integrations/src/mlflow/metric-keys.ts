/**
 * MLflow takes letters, digits, `_`, `-`, `.`, blanks and `/` in the names of metrics and params. Others are written as
 * `_xHH_` (UTF-16 unit, hexadecimal), `@` as the word it stands for: `ndcg@10` ↔ `ndcg_at_10`.
 */
export function toMlflowKey(key: string): string {
  return key
    .replace(/_(?=at_|x[0-9a-f]+_)/g, '_x5f_')
    .replaceAll('@', '_at_')
    .replace(/[^\w\-. /]/g, (unit) => `_x${unit.charCodeAt(0).toString(16)}_`);
}

export function fromMlflowKey(key: string): string {
  return key.replace(/_(at|x([0-9a-f]+))_/g, (_whole, word: string, hex: string | undefined) =>
    hex === undefined && word === 'at' ? '@' : String.fromCharCode(Number.parseInt(hex ?? '', 16)),
  );
}
