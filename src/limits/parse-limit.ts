/** Limits the number of tokens that the parser reads. */
import { type DocumentNode, Lexer, type ParseOptions, parse, Source, TokenKind } from 'graphql';
import type { OperationLimits } from './operation-limits.ts';
import { tooComplex } from './too-complex.ts';

type TokenLimits = Pick<OperationLimits, 'tokens' | 'valueTokens'>;

/** Throws `OPERATION_TOO_COMPLEX` for a document with more tokens than `limits`, or its syntax error. */
export function parseWithin(limits: TokenLimits, text: string | Source, options?: ParseOptions): DocumentNode {
  const source = typeof text === 'string' ? new Source(text) : text;
  const exceeded = exceededLimit(source, limits);
  if (exceeded !== undefined) throw tooComplex(exceeded, limits[exceeded]);
  return parse(source, { ...options, maxTokens: limits.tokens + limits.valueTokens });
}

/**
 * The depth that variables may have. Tokens below it count as those of the rest of the document, which bounds the
 * parser's stack.
 */
const maxValueDepth = 32;

/** graphql-js has a limit of its own, but only the text of its error separates it from other syntax errors. */
function exceededLimit(source: Source, limits: TokenLimits): keyof TokenLimits | undefined {
  const lexer = new Lexer(source);
  const count = { tokens: 0, valueTokens: 0 };
  const nesting = new Nesting();
  try {
    while (true) {
      const { kind } = lexer.advance();
      if (kind === TokenKind.EOF) return undefined;
      nesting.advance(kind);
      const counted = nesting.depth > 0 && nesting.depth <= maxValueDepth ? 'valueTokens' : 'tokens';
      count[counted] += 1;
      if (count[counted] > limits[counted]) return counted;
    }
  } catch {
    // The parser stops at the same token and gives the reason.
    return undefined;
  }
}

/** Tracks the number of open lists and objects in arguments. */
class Nesting {
  depth = 0;
  #isInArguments = false;

  advance(kind: TokenKind): void {
    if (kind === TokenKind.PAREN_L) this.#isInArguments = true;
    if (kind === TokenKind.PAREN_R) this.#endArguments();
    if (!this.#isInArguments) return;
    if (kind === TokenKind.BRACKET_L || kind === TokenKind.BRACE_L) this.depth += 1;
    if (kind === TokenKind.BRACKET_R || kind === TokenKind.BRACE_R) this.depth = Math.max(0, this.depth - 1);
  }

  #endArguments(): void {
    this.#isInArguments = false;
    this.depth = 0;
  }
}
