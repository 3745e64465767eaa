/** Generates certificates during tests, so that the repository contains no key and no tool besides Node is needed. */
import { generateKeyPairSync, sign } from 'node:crypto';

export interface CertificateOptions {
  readonly host: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

const dayMs = 86_400_000;

/** A key and a self-signed certificate for `host`, both in PEM. Valid from yesterday until tomorrow. */
export function selfSigned({ host, notBefore = daysFromNow(-1), notAfter = daysFromNow(1) }: CertificateOptions) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(ecdsaWithSha256);
  const name = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(host)))));
  const validity = sequence(utcTime(notBefore), utcTime(notAfter));
  const key = publicKey.export({ format: 'der', type: 'spki' });
  const unsigned = sequence(
    der(0xa0, integer(2)),
    integer(1),
    algorithm,
    name,
    validity,
    name,
    key,
    der(0xa3, sequence(subjectAltName(host))),
  );
  const signature = bits(sign('sha256', unsigned, privateKey));
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }),
    cert: pem(sequence(unsigned, algorithm, signature)),
  };
}

export function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * dayMs);
}

// Object identifiers of X.509 (RFC 5280) and of ECDSA (RFC 5758), in DER.
const ecdsaWithSha256 = Buffer.from('06082a8648ce3d040302', 'hex');
const commonName = Buffer.from('0603550403', 'hex');
const subjectAltNameId = Buffer.from('0603551d11', 'hex');

function subjectAltName(host: string): Buffer {
  const dnsName = der(0x82, Buffer.from(host));
  return sequence(subjectAltNameId, der(0x04, sequence(dnsName)));
}

/** One DER value: its tag, its length, its content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function sequence(...content: readonly Buffer[]): Buffer {
  return der(0x30, ...content);
}

function integer(value: number): Buffer {
  return der(0x02, Buffer.from([value]));
}

function bits(value: Buffer): Buffer {
  return der(0x03, Buffer.from([0]), value);
}

/** Such as `260101000000Z`. */
function utcTime(instant: Date): Buffer {
  const digits = instant.toISOString().replace(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
