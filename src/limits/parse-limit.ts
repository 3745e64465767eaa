/** Parses no more of a document than is admitted. */
import { type DocumentNode, Lexer, type ParseOptions, parse, Source, TokenKind } from 'graphql';
import { type OperationLimits, tooComplex } from './operation-limits.ts';

type TokenLimits = Pick<OperationLimits, 'tokens' | 'valueTokens'>;

/** Throws `OPERATION_TOO_COMPLEX` for a document of more tokens than `limits`, else a syntax error where there is one. */
export function parseWithin(limits: TokenLimits, text: string | Source, options?: ParseOptions): DocumentNode {
  const source = typeof text === 'string' ? new Source(text) : text;
  const broken = brokenLimit(source, limits);
  if (broken !== undefined) throw tooComplex(broken, limits[broken]);
  return parse(source, { ...options, maxTokens: limits.tokens + limits.valueTokens });
}

/** As deep as variables may be. What lies deeper counts as the rest of the document does, so that the parser's stack is bounded. */
const maxValueDepth = 32;

/** graphql's own refusal is a syntax error that only its text tells from others. */
function brokenLimit(source: Source, limits: TokenLimits): keyof TokenLimits | undefined {
  const lexer = new Lexer(source);
  const count = { tokens: 0, valueTokens: 0 };
  const nesting = new Nesting();
  try {
    while (true) {
      const { kind } = lexer.advance();
      if (kind === TokenKind.EOF) return undefined;
      nesting.pass(kind);
      const counted = nesting.depth > 0 && nesting.depth <= maxValueDepth ? 'valueTokens' : 'tokens';
      count[counted] += 1;
      if (count[counted] > limits[counted]) return counted;
    }
  } catch {
    // The parser will stop at the same place and say why.
    return undefined;
  }
}

/** How many lists and objects of an argument are open. */
class Nesting {
  depth = 0;
  #isInArguments = false;

  pass(kind: TokenKind): void {
    if (kind === TokenKind.PAREN_L) this.#isInArguments = true;
    if (kind === TokenKind.PAREN_R) this.#leave();
    if (!this.#isInArguments) return;
    if (kind === TokenKind.BRACKET_L || kind === TokenKind.BRACE_L) this.depth += 1;
    if (kind === TokenKind.BRACKET_R || kind === TokenKind.BRACE_R) this.depth = Math.max(0, this.depth - 1);
  }

  #leave(): void {
    this.#isInArguments = false;
    this.depth = 0;
  }
}
