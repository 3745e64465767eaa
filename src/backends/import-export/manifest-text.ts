/** Checks a caller's own manifest text. It is scanned and not parsed, as a hostile text could crash a parser. */
import type { InputFault } from '../../model/input-fault.ts';
import { fits, sizes } from '../../model/job-input-sizes.ts';
import { type Finding, Findings } from '../input/checks.ts';
import { lengthIn, wrongLength } from '../input/text-checks.ts';
import { failure } from './errors.ts';
import { isXmlText, xmlSays } from './input-rules.ts';
import type { SigningKey } from './signature.ts';

/** AWS's deepest sample has three levels. */
const maxDepth = 20;

/**
 * `name:` at the start of a line, a list item or a map; not the `C:\` or `file:/` of a path that was sent instead of
 * the file.
 */
const keyLine = /^\uFEFF?[\s{[-]*["']?[A-Za-z]\w*["']?\s*:(?![\\/])/m;

/**
 * The fault of `text` unless it is Unicode that XML can carry, has at most 32 kB, is nested at most 20 deep by brackets
 * and by indentation, and has a `key:` line: the service refuses text without one.
 */
export function faultsInText(text: string): readonly InputFault[] {
  const finding = findingIn(text);
  return finding === undefined ? [] : faultsFrom(finding);
}

function findingIn(text: string): Finding | undefined {
  const length = lengthIn(text, sizes.manifestText);
  if (!fits(length, sizes.manifestText)) return wrongLength(length, sizes.manifestText);
  if (!isXmlText(text)) return { code: 'INVALID_CHARACTERS', says: xmlSays };
  if (!keyLine.test(text)) return { code: 'PATTERN', says: 'must have at least one line of the form “key: value”' };
  if (bracketDepth(text) <= maxDepth && indentDepth(text) <= maxDepth) return undefined;
  const says = `must be nested at most ${maxDepth} levels deep`;
  return { code: 'PATTERN', parameters: { max: maxDepth }, says };
}

function faultsFrom(finding: Finding): readonly InputFault[] {
  const findings = new Findings();
  findings.add(['text'], finding);
  return findings.faults();
}

/**
 * Throws `INVALID_MANIFEST` if `text` names an access key other than `key`: the service would refuse it with
 * InvalidAccessKeyIdException.
 */
export function assertOwnAccessKey(text: string, key: SigningKey): void {
  const named = /^\uFEFF?[ \t]*["']?accessKeyId["']?[ \t]*:[ \t]*["']?(\w+)/im.exec(text)?.[1];
  if (named === undefined || named === key.accessKeyId) return;
  throw failure({
    code: 'INVALID_MANIFEST',
    message: 'The text of the manifest must not name an access key other than that of this gateway.',
    field: ['manifest', 'text', 'text'],
  });
}

/** For a caller's own text with `faults`, at least one. */
export function textFailure(faults: readonly InputFault[]) {
  const [{ message, field } = { message: 'The manifest is not valid.', field: ['manifest'] }] = faults;
  return failure({ code: 'INVALID_MANIFEST', message, field, faults });
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
