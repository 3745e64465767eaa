/** The input and output of a signer, for signature versions 2 and 4. */
import type { Parameter } from './query.ts';

export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface SigningContext {
  readonly endpoint: URL;
  readonly key: SigningKey;
  readonly signedAt: Date;
}

/** A form that is ready to be sent by POST. */
export interface SignedForm {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Signer = (parameters: readonly Parameter[], context: SigningContext) => Promise<SignedForm>;

export const formContentType = 'application/x-www-form-urlencoded; charset=utf-8';
