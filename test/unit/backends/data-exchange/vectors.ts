/** The recorded requests of the API, and inputs that it must refuse. */
import { readFileSync } from 'node:fs';

export interface RequestVector {
  readonly id: string;
  readonly operation: string;
  readonly method: string;
  readonly requestTarget: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly absentHeaders: readonly string[];
  readonly body: { readonly Details: Record<string, unknown>; readonly Type: string } | null;
  readonly successStatus: number;
}

export interface InvalidInput {
  readonly id: string;
  readonly member: string;
  readonly carrier: 'typed' | 'wire';
  readonly given: string;
  readonly input: { readonly Details: Record<string, unknown> };
}

interface VectorFile {
  readonly headersOnEveryRequest: Readonly<Record<string, string>>;
  readonly vectors: readonly RequestVector[];
  readonly invalid: readonly InvalidInput[];
}

const file = new URL('../../../vectors/data-exchange-requests.json', import.meta.url);

export const vectorFile: VectorFile = JSON.parse(readFileSync(file, 'utf8'));
