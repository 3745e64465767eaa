/** Serves the board: static files that Vite has built, read once. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { securityHeaders } from './security-headers.ts';

interface BoardFile {
  readonly body: Buffer;
  /** Compressed for the first browser that takes it. */
  gzipped?: Promise<Buffer>;
  readonly type: string;
  readonly etag: string;
  /** Whether the name changes with the content. */
  readonly isHashed: boolean;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Where a page may send files: Data Exchange's signed URLs lead to S3, in every partition. */
const uploadHosts = ['https://*.amazonaws.com', 'https://*.amazonaws.com.cn'];

/** The files of a built board, by their path below it, such as `/index.html`. */
export type BoardFiles = ReadonlyMap<string, BoardFile>;

/** Undefined if no board is built in `folder`, or not all of it can be read. */
export async function readBoardFiles(folder: string): Promise<BoardFiles | undefined> {
  const files = await filesIn(folder).catch(() => undefined);
  return files?.has('/index.html') ? files : undefined;
}

async function filesIn(folder: string): Promise<BoardFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const read = entries
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      const address = `/${relative(folder, path).split(sep).join('/')}`;
      return [address, fileFrom(address, await readFile(path))] as const;
    });
  return new Map(await Promise.all(read));
}

export class Board {
  readonly #files: BoardFiles;
  readonly #contentPolicy: string;

  /** `uploadOrigins` are further addresses that signed URLs may have, such as the emulator's. */
  constructor(files: BoardFiles, uploadOrigins: readonly string[]) {
    this.#files = files;
    this.#contentPolicy = [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      ["connect-src 'self'", ...uploadHosts, ...uploadOrigins].join(' '),
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; ');
  }

  /** Whether `path` is one of the board's, `/` included. */
  has(path: string): boolean {
    return this.#files.has(fileOf(path));
  }

  async answer(path: string, { method, headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = this.#files.get(fileOf(path));
    if (file === undefined || (method !== 'GET' && method !== 'HEAD')) {
      response.writeHead(405, { ...securityHeaders, allow: 'GET, HEAD' }).end();
      return;
    }
    const { etag, type, isHashed } = file;
    const common = {
      ...securityHeaders,
      'content-security-policy': this.#contentPolicy,
      'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'Accept-Encoding',
      // Weak: the compressed body and the plain one have the same.
      etag: `W/${etag}`,
    };
    if (headers['if-none-match']?.includes(etag)) {
      response.writeHead(304, common).end();
      return;
    }
    const isZipped = takesGzip.test(headers['accept-encoding'] ?? '');
    const body = isZipped ? await zipped(file) : file.body;
    const encoding = isZipped ? { 'content-encoding': 'gzip' } : {};
    response
      .writeHead(200, { ...common, ...encoding, 'content-type': type, 'content-length': body.length })
      .end(method === 'HEAD' ? undefined : body);
  }
}

/** Unless it is refused by a weight of 0 (RFC 9110, 12.5.3). */
const takesGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i;

function fileOf(path: string): string {
  return path === '/' ? '/index.html' : path;
}

function fileFrom(address: string, body: Buffer): BoardFile {
  return {
    body,
    type: types[extname(address)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    isHashed: address.startsWith('/assets/'),
  };
}

function zipped(file: BoardFile): Promise<Buffer> {
  file.gzipped ??= promisify(gzip)(file.body);
  return file.gzipped;
}
