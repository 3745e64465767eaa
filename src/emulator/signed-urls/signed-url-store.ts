/** Stores the issued signed URLs with their purpose and their bytes. */
import { randomBytes } from 'node:crypto';

export interface IssuedUrl<Purpose extends Upload | Download = Upload | Download> {
  readonly url: string;
  readonly expiresAt: number;
  readonly purpose: Purpose;
}

export interface Upload {
  readonly method: 'PUT';
  /** Base64 of the MD5 digest that the bytes must have. */
  readonly md5Hash: string;
  received?: { readonly bytes: Uint8Array; readonly at: number };
}

export interface Download {
  readonly method: 'GET';
  readonly bytes: Uint8Array;
}

export interface SignedUrlOptions {
  readonly origin: () => string;
  readonly lifetimeMs: number;
}

export class SignedUrlStore {
  readonly #options: SignedUrlOptions;
  /** By path and query. */
  readonly #issued = new Map<string, IssuedUrl>();

  constructor(options: SignedUrlOptions) {
    this.#options = options;
  }

  issue<Purpose extends Upload | Download>(purpose: Purpose, at: number): IssuedUrl<Purpose> {
    const folder = purpose.method === 'PUT' ? 'uploads' : 'downloads';
    const query = new URLSearchParams({
      'X-Amz-Expires': String(this.#options.lifetimeMs / 1000),
      'X-Amz-Signature': randomBytes(32).toString('hex'),
    });
    const pathAndQuery = `/${folder}/${randomBytes(16).toString('hex')}?${query}`;
    const issued = {
      url: this.#options.origin() + pathAndQuery,
      expiresAt: at + this.#options.lifetimeMs,
      purpose,
    };
    this.#issued.set(pathAndQuery, issued);
    return issued;
  }

  /** Undefined if any part of the URL, including the signature, differs from the issued one. */
  find(url: URL): IssuedUrl | undefined {
    return this.#issued.get(url.pathname + url.search);
  }
}
