/** Typed manifests with any number of faults in known fields, by the guide and the sizes that the schema states. */
import fc from 'fast-check';
import { demo } from '../../src/emulator/demo.ts';
import { leaf, listOf, type Model, object, optional } from './input-model.ts';

const tooLong = 'x'.repeat(1_025);

/** Text of several lines, as in an address. */
const text = leaf(
  fc.constantFrom('Jane Roe', 'two\nlines', 'a: b # c', 'é😀', 'x'.repeat(1_024)),
  fc.constantFrom('', '   ', tooLong, 'a\ud800b'),
);

const validLine = fc.constantFrom('DISK-0001', 'a: b # c', '  padded', 'yes', 'x'.repeat(1_000));
const brokenLine = fc.constantFrom('   ', tooLong, 'a\ud800b', 'two\nlines', 'a\u0000b', 'a\ufffeb');
const line = leaf(validLine, fc.oneof(brokenLine, fc.constant('')));

const bucketOf = (known: string) =>
  leaf(fc.constant(known), fc.constantFrom('', '   ', 'ab', 'a/b', 'x'.repeat(256), 'abc\n'));

function always<Value>(valid: fc.Arbitrary<Value>): Model<Value> {
  const faulty = valid.map((value) => ({ value, faults: [] }));
  return { valid, broken: valid.map((value) => ({ value, at: [] })), faulty };
}

const flag = always(fc.boolean());

/** In the United States, which need a state and no customs declaration. */
const returnAddress = object({
  name: text,
  company: optional(text),
  phoneNumber: text,
  street1: text,
  street2: optional(text),
  street3: optional(text),
  city: text,
  stateOrProvince: leaf<string | null | undefined>(fc.constant('WA'), fc.constantFrom('', null, undefined, tooLong)),
  postalCode: text,
  country: always(fc.constantFrom('USA', 'us')),
});

/** An empty text counts as absent, which is a fault of the whole encryption. */
const secret = leaf(validLine, brokenLine);
const encryption: Model<unknown> = (() => {
  const kinds = [object({ pinCode: secret }), object({ trueCryptPassword: secret })];
  return {
    valid: fc.oneof(...kinds.map(({ valid }) => valid)),
    broken: fc.oneof(...kinds.map(({ broken }) => broken)),
    faulty: fc.oneof(...kinds.map(({ faulty }) => faulty), fc.constant({ value: { pinCode: '' }, faults: [[]] })),
  };
})();

const customs = object({
  dataDescription: text,
  encryptedData: flag,
  encryptionClassification: optional(line),
  exportCertifierName: text,
  requiresExportLicense: flag,
  deviceValue: leaf(fc.constantFrom('250', '250.00'), brokenLine),
  deviceCountryOfOrigin: line,
  deviceType: line,
  deviceHts: optional(line),
  typeOfExport: line,
});

const email = leaf(
  fc.constantFrom('a@example.com', 'é@example.com'),
  fc.constantFrom('', 'a', 'a@b.c;d@e.f', 'a b@example.com', 'a@example.com\n'),
);

const common = {
  deviceId: line,
  returnAddress,
  notificationEmails: optional(listOf(email, 0, 100)),
  logPrefix: optional(leaf(fc.constantFrom('logs/', 'é'.repeat(504)), fc.constantFrom('é'.repeat(505), '   '))),
  customs: optional(customs),
};

const kinds = {
  importToS3: object({
    ...common,
    bucket: bucketOf(demo.bucket),
    prefix: optional(line),
    eraseDevice: flag,
    logBucket: optional(bucketOf(demo.logBucket)),
    encryption: optional(encryption),
    cacheControl: optional(line),
    ignore: optional(listOf(line, 0, 100)),
  }),
  importToGlacier: object({
    ...common,
    region: always(fc.constant('us-east-1')),
    vaultName: line,
    archiveComment: leaf(fc.constantFrom('2024', 'x'.repeat(997)), fc.constantFrom('', '   ', 'x'.repeat(998))),
    eraseDevice: flag,
    logBucket: bucketOf(demo.logBucket),
    encryption: optional(encryption),
  }),
  exportFromS3: object({
    ...common,
    fileSystem: always(fc.constantFrom('EXT4', 'NTFS')),
    operations: listOf(object({ exportBucket: bucketOf(demo.exportBucket), prefix: optional(line) }), 1, 100),
    logBucket: bucketOf(demo.logBucket),
    recoveryDirectory: optional(line),
    encryption,
  }),
};

/** Values of `manifest` of `createImportExportJob`, with the paths of their faults. */
export const faultyManifest = fc.oneof(
  ...Object.entries(kinds).map(([kind, { faulty }]) =>
    faulty.map(({ value, faults }) => ({ value: { [kind]: value }, faults: faults.map((at) => [kind, ...at]) })),
  ),
);
