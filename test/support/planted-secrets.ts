/** Invented secrets of fourteen kinds, and a search for them in any output. */

export interface Planted {
  readonly kind: string;
  /** The whole value. */
  readonly value: string;
  /** The part that must not appear. */
  readonly needle: string;
}

const accessKeyId = 'AKIAPLANTEDKEY7EXMPL';
const signedHex = 'f00dfeed71a9c0de5afe9d3bb10c4ade6e1ff0a7d8c2b4e6913570246810abcd';
const urlHex = '0badcafe71a9c0de5afe9d3bb10c4ade6e1ff0a7d8c2b4e6913570246810dcba';
const scope = '20261122/us-east-1/dataexchange/aws4_request';

const manifestText = [
  'manifestVersion:2.0',
  'generator:planted by a test',
  'deviceId:PLANTED-DEVICE-4711',
  'eraseDevice:no',
  'returnAddress:',
  '    name:Planted Person',
].join('\n');

function planted(kind: string, value: string, needle = value): Planted {
  return { kind, value, needle };
}

export const secrets: readonly Planted[] = [
  planted('access key id', accessKeyId),
  planted('secret key', 'wJplanted7MDENG+bPxRfiCYPLANTEDKEY/K7aQz'),
  planted('session token', 'FwoGZXIvYXdzEPLANTED7//wEaDPlantedSession+Token/abcdefghijklmnop0123456789ABCDEF=='),
  planted('SigV2 signature', 'P1antedV2+abcdefghijklmnopqrstuvwxyz/ABCDEF='),
  planted(
    'SigV4 Authorization',
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=host, Signature=${signedHex}`,
    signedHex,
  ),
  planted(
    'presigned URL',
    `https://planted.s3.amazonaws.com/a?X-Amz-Credential=${accessKeyId}%2F${scope}&X-Amz-Signature=${urlHex}`,
    urlHex,
  ),
  planted(
    'SIGNATURE file',
    'version:2.0\nsigningMethod:HmacSHA1\njobId:PLANT\nsignature:plantedFile7SignatureText=\n',
    'plantedFile7SignatureText',
  ),
  planted('manifest', manifestText, 'PLANTED-DEVICE-4711'),
  planted('street', '742 Planted Terrace'),
  planted('phone', '206-555-0142'),
  planted('name', 'Jane Plantedroe'),
  planted('e-mail', 'jane.planted@example.net'),
  planted('JWT', 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.cGxhbnRlZC1zaWduYXR1cmUtb2YtYS10b2tlbg'),
  planted('cookie', 'session=planted-cookie-5f3a9c', 'planted-cookie-5f3a9c'),
];

/** The secrets that a log can recognise by their form. A name has none. */
export const secretsByForm = secrets.filter(({ kind }) => kind !== 'name' && kind !== 'street');

/** The secrets of `among` that `text` contains, with their encoding. */
export function shownIn(text: string, among: readonly Planted[] = secrets): readonly string[] {
  return among.flatMap(({ kind, needle }) =>
    spellings(needle)
      .filter(([, spelling]) => text.includes(spelling))
      .map(([how]) => `${kind}, ${how}`),
  );
}

const known = new Map<string, readonly (readonly [string, string])[]>();

function spellings(needle: string): readonly (readonly [string, string])[] {
  const encodings = known.get(needle) ?? [
    ['plain', needle] as const,
    ['in JSON', JSON.stringify(needle).slice(1, -1)] as const,
    ['in JSON twice', JSON.stringify(JSON.stringify(needle).slice(1, -1)).slice(1, -1)] as const,
    ['in a URL', encodeURIComponent(needle)] as const,
    ['in a form', new URLSearchParams({ a: needle }).toString().slice(2)] as const,
    ['in hex', Buffer.from(needle).toString('hex')] as const,
    ['reversed', [...needle].reverse().join('')] as const,
    ...[0, 1, 2].flatMap((offset) => base64At(needle, offset)),
  ];
  known.set(needle, encodings);
  return encodings;
}

/** The Base64 of `needle` at `offset` bytes within a group of three, whatever is around it. */
function base64At(needle: string, offset: number): readonly (readonly [string, string])[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(needle)]);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
  const skipped = offset === 0 ? 0 : 4;
  return (['base64', 'base64url'] as const).map((encoding) => [
    `in ${encoding} at ${offset}`,
    whole.toString(encoding).slice(skipped),
  ]);
}
