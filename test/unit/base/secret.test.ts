/** A wrapped secret, printed in every way. */
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { pino } from 'pino';
import { expect, expectTypeOf, test } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import type { SignedUrl } from '../../../src/model/data-exchange-job-types/parts.ts';
import type {
  ImportExportDocuments,
  ImportExportStatus,
  JobArtifact,
  ShippingLabel,
} from '../../../src/model/import-export-job.ts';

const planted = 'planted-wJalrXUtnFEMI';

const secret = new Secret(planted);

const writings: readonly [string, () => string][] = [
  ['inspect', () => inspect(secret)],
  ['inspect with everything shown', () => inspect(secret, { showHidden: true, depth: 9, getters: true })],
  ['inspect of a container', () => inspect({ a: [{ b: new Map([['c', secret]]) }] }, { depth: 9 })],
  ['format', () => format('%s %o %O %j', secret, secret, secret, secret)],
  ['the console', () => written((stream) => new Console(stream).log(secret, { secret }))],
  ['console.table', () => written((stream) => new Console(stream).table([{ secret }]))],
  ['a logger', () => written((stream) => pino(stream).info({ secret, deep: { secret } }, '%s', secret))],
  ['JSON', () => JSON.stringify({ secret })],
  ['a template', () => `${secret}`],
  ['String', () => String(secret)],
  // biome-ignore lint/style/useTemplate: this is what is tried
  ['a sum', () => '' + secret],
  ['a join', () => [secret, secret].join()],
  ['the message of an error', () => inspect(new Error(`refused ${secret}`, { cause: secret }))],
];

test.each(writings)('%s prints [secret] in place of the value', (_, write) => {
  expect(write()).toContain('[secret]');
  expect(write()).not.toContain(planted);
});

test.each<[string, () => string]>([
  ['a structured clone', () => inspect(structuredClone({ secret }), { showHidden: true, depth: 9 })],
  ['a spread copy', () => JSON.stringify({ ...secret })],
  [
    'inspect without the custom function',
    () => inspect(secret, { customInspect: false, showHidden: true, getters: true }),
  ],
  ['console.dir', () => written((stream) => new Console(stream).dir({ secret }, { depth: 9, showHidden: true }))],
  ['its own members', () => Reflect.ownKeys(secret).map(String).join()],
  ['a thrown error', () => inspect(thrownBy(() => structuredClone(Object.assign(() => secret, { secret }))))],
])('%s does not contain the value', (_, write) => {
  expect(write()).not.toContain(planted);
});

test('a secret cannot be overwritten, and only reveal returns it', () => {
  expect(() => Object.assign(secret, { reveal: () => 'other' })).toThrow(TypeError);
  expect(secret.reveal()).toBe(planted);
});

test('the model wraps its secrets, and a status has no member for them', () => {
  expectTypeOf<ImportExportDocuments['manifest']>().toEqualTypeOf<Secret<string> | null>();
  expectTypeOf<JobArtifact['url']>().toEqualTypeOf<Secret<string>>();
  expectTypeOf<ShippingLabel['url']>().toEqualTypeOf<Secret<string>>();
  expectTypeOf<SignedUrl['url']>().toEqualTypeOf<Secret<string>>();
  expectTypeOf<Extract<keyof ImportExportStatus, 'artifacts' | 'manifest' | 'signature'>>().toBeNever();
});

function written(write: (stream: Writable) => void): string {
  let text = '';
  write(
    new Writable({
      write(piece, _encoding, done) {
        text += piece;
        done();
      },
    }),
  );
  return text;
}

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
