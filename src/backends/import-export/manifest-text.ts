/** Checks a caller's own manifest text. It is scanned and not parsed, as a hostile text could crash a parser. */
import { fits, rangeOf, sizes } from '../../model/job-input-sizes.ts';
import { failure } from './errors.ts';
import { isXmlText } from './input-rules.ts';
import type { SigningKey } from './signature.ts';

/** AWS's deepest sample has three levels. */
const maxDepth = 20;

/**
 * `name:` at the start of a line, a list item or a map; not the `C:\` or `file:/` of a path that was sent instead of
 * the file.
 */
const keyLine = /^\uFEFF?[\s{[-]*["']?[A-Za-z]\w*["']?\s*:(?![\\/])/m;

/**
 * Throws `INVALID_MANIFEST` unless `text` is Unicode that XML can carry, has at most 32 kB, is nested at most 20 deep
 * by brackets and by indentation, and has a `key:` line: the service refuses text without one.
 */
export function assertScannable(text: string): void {
  if (!fits(Buffer.byteLength(text), sizes.manifestText)) throw textFailure(`must have ${rangeOf(sizes.manifestText)}`);
  if (!isXmlText(text)) throw textFailure('must have no character that XML cannot carry');
  if (!keyLine.test(text)) throw textFailure('must have at least one line of the form “key: value”');
  if (bracketDepth(text) > maxDepth || indentDepth(text) > maxDepth) {
    throw textFailure(`must be nested at most ${maxDepth} levels deep`);
  }
}

/**
 * Throws `INVALID_MANIFEST` if `text` names an access key other than `key`: the service would refuse it with
 * InvalidAccessKeyIdException.
 */
export function assertOwnAccessKey(text: string, key: SigningKey): void {
  const named = /^\uFEFF?[ \t]*["']?accessKeyId["']?[ \t]*:[ \t]*["']?(\w+)/im.exec(text)?.[1];
  if (named === undefined || named === key.accessKeyId) return;
  throw textFailure('must not name an access key other than that of this gateway');
}

function textFailure(rule: string) {
  const field = ['manifest', 'text', 'text'];
  return failure({ code: 'INVALID_MANIFEST', message: `${field.join('.')} ${rule}.`, field });
}

/** Brackets within quotes count too: no real manifest has so many. */
function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Max number of open columns: a line opens one at its indentation, and one after each `- ` or `? `. */
function indentDepth(text: string): number {
  const open: number[] = [];
  let deepest = 0;
  for (const line of text.split(/\r\n?|\n/)) {
    for (const column of openedColumns(line)) {
      while ((open.at(-1) ?? -1) >= column) open.pop();
      open.push(column);
      deepest = Math.max(deepest, open.length);
    }
  }
  return deepest;
}

function openedColumns(line: string): number[] {
  const [prefix] = /^[ \t]*(?:[-?:](?:[ \t]+|$))*/.exec(line) ?? [''];
  if (prefix === line) return [];
  return [...prefix.matchAll(/[-?:]/g)].map(({ index }) => index).concat(prefix.length);
}
