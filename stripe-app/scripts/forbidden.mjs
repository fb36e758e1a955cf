// What the Dashboard's sandbox doesn't have, or a reviewer refuses. Types can't tell: the compiler knows a browser.
import ts from 'typescript';

const GLOBALS = new Set([
  'document',
  'window',
  'localStorage',
  'sessionStorage',
  'indexedDB',
  'navigator',
  'location',
  'eval',
  'Function',
  'XMLHttpRequest',
  'WebSocket',
  'importScripts',
  'crypto',
]);

const isName = (node) =>
  (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) ||
  ((ts.isPropertyAssignment(node.parent) || ts.isPropertySignature(node.parent) || ts.isJsxAttribute(node.parent)) &&
    node.parent.name === node);

/** The forbidden globals in one file, each as "file:line name". */
export function forbiddenIn(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found = [];
  const report = (node, name) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${file}:${line + 1} ${name}`);
  };
  const visit = (node) => {
    if (ts.isIdentifier(node) && GLOBALS.has(node.text) && !isName(node)) report(node, node.text);
    const onGlobalThis = ts.isPropertyAccessExpression(node) && node.expression.getText() === 'globalThis';
    if (onGlobalThis && GLOBALS.has(node.name.text)) report(node, `globalThis.${node.name.text}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
