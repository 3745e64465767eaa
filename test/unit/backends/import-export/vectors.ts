/** The recorded requests and replies of the service, with their readings. */
import { readFileSync } from 'node:fs';

interface RequestVector {
  readonly id: string;
  readonly operation: string;
  readonly clock: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly body: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly signatureVersion: 2 | 4;
  readonly stringToSign: string;
  readonly signature: string;
}

export interface ReplyVector {
  readonly id: string;
  readonly operation: string | null;
  readonly httpStatus: number;
  readonly body: string;
  readonly expected: {
    readonly result?: Readonly<Record<string, unknown>>;
    readonly error?: { readonly code: string };
  };
  readonly expectedState?: string;
  readonly expectedStates?: Readonly<Record<string, string>>;
  readonly expectedNextMarker?: string;
}

function textOf(name: string): string {
  return readFileSync(new URL(`../../../vectors/${name}`, import.meta.url), 'utf8');
}

const requests: { readonly vectors: readonly RequestVector[] } = JSON.parse(textOf('import-export-requests.json'));
const replies: { readonly responses: readonly ReplyVector[] } = JSON.parse(textOf('import-export-responses.json'));

export const requestVectors = requests.vectors;
export const replyVectors = replies.responses;

export function replyVector(id: string): ReplyVector {
  const vector = replyVectors.find((candidate) => candidate.id === id);
  if (!vector) throw new Error(`expected a reply vector ${id}`);
  return vector;
}
