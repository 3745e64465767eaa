/** Parses no more of a document than is admitted. */
import { type DocumentNode, Lexer, type ParseOptions, parse, Source, TokenKind } from 'graphql';
import { tooComplex } from './operation-limits.ts';

/** Throws `OPERATION_TOO_COMPLEX` for a document of more than `maxTokens`, else a syntax error where there is one. */
export function parseWithin(maxTokens: number, text: string | Source, options?: ParseOptions): DocumentNode {
  const source = typeof text === 'string' ? new Source(text) : text;
  if (hasMoreTokens(source, maxTokens)) throw tooComplex('tokens', maxTokens);
  return parse(source, { ...options, maxTokens });
}

/** graphql's own refusal is a syntax error that only its text tells from others. */
function hasMoreTokens(source: Source, maxTokens: number): boolean {
  const lexer = new Lexer(source);
  try {
    for (let tokens = 0; tokens <= maxTokens; tokens += 1) {
      if (lexer.advance().kind === TokenKind.EOF) return false;
    }
    return true;
  } catch {
    // The parser will stop at the same place and say why.
    return false;
  }
}
