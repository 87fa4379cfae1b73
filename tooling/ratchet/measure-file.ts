import ts from 'typescript';

export interface FileMeasure {
  path: string;
  /** Lines that are not empty at the end of the file. */
  lines: number;
  /** Characters of comments, and of everything that is not white space. */
  commentCharacters: number;
  characters: number;
  /** Lines of each function with a body. */
  functions: { name: string; lines: number }[];
  /** Uses of the type `any`. */
  anyCount: number;
  /** Comments that switch a check off. */
  suppressions: number;
  /** Module names imported for their values; type imports vanish at run time. */
  runtimeImports: string[];
}

const suppression = /@ts-ignore|@ts-expect-error|@ts-nocheck|biome-ignore|eslint-disable|v8 ignore|istanbul ignore/;

function lineSpan(source: ts.SourceFile, node: ts.Node): number {
  const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
  return source.getLineAndCharacterOfPosition(node.getEnd()).line - first + 1;
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name.getText() : '(unnamed)';
}

function isRuntimeImport(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return !node.isTypeOnly;
  const clause = node.importClause;
  if (clause === undefined) return true;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return false;
  const bindings = clause.namedBindings;
  if (clause.name !== undefined || bindings === undefined || ts.isNamespaceImport(bindings)) return true;
  return bindings.elements.some((element) => !element.isTypeOnly);
}

function commentsOf(source: ts.SourceFile): string[] {
  const text = source.text;
  const found = new Map<number, string>();
  const add = (ranges: ts.CommentRange[] | undefined) => {
    for (const { pos, end } of ranges ?? []) found.set(pos, text.slice(pos, end));
  };
  const visit = (node: ts.Node) => {
    if (node.getChildCount(source) === 0) {
      add(ts.getLeadingCommentRanges(text, node.getFullStart()));
      add(ts.getTrailingCommentRanges(text, node.getEnd()));
    }
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  return [...found.values()];
}

function dense(text: string): number {
  return text.replace(/\s/g, '').length;
}

export function measureFile(path: string, text: string): FileMeasure {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const comments = commentsOf(source);
  const measure: FileMeasure = {
    path,
    lines: text.trimEnd().split('\n').length,
    commentCharacters: comments.reduce((sum, comment) => sum + dense(comment), 0),
    characters: dense(text),
    functions: [],
    anyCount: 0,
    suppressions: comments.filter((comment) => suppression.test(comment)).length,
    runtimeImports: [],
  };
  const visit = (node: ts.Node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined)
      measure.functions.push({ name: nameOf(node), lines: lineSpan(source, node) });
    if (node.kind === ts.SyntaxKind.AnyKeyword) measure.anyCount += 1;
    const from = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node : null;
    if (from?.moduleSpecifier !== undefined && ts.isStringLiteral(from.moduleSpecifier) && isRuntimeImport(from))
      measure.runtimeImports.push(from.moduleSpecifier.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return measure;
}
