/** Typed manifests that the schema accepts, with text as people and attackers write it. */
import fc from 'fast-check';
import { demo } from '../../src/emulator/demo.ts';
import { nastyText } from './data-exchange-values.ts';

/** Text that a reader of `name: value` lines, of YAML or of XML could take for syntax. */
const treacherous = [
  'yes',
  '2.0',
  '5D992',
  '~',
  'null',
  '# no comment',
  'a #b',
  'a: b',
  'key:value',
  '- item',
  '- exportBucket:x',
  '|',
  '>-',
  '&anchor',
  '*alias',
  '!!js/function x',
  '"quoted"',
  "'quoted'",
  'a\\',
  'semicolon;',
  '---',
  '...',
  '\u00a0',
  ' padded ',
  'line\nreturnAddress:\n  name: Eve',
  'a\r\nb',
  '\ttab',
  '\u0085',
  '\u009b31m',
  '\u007f',
  '\u2028',
  '\ufeff',
  ']]>',
  '&amp;',
];

/** Text that is refused, though not in every field. */
const refused = ['\u0000', '\ud800', '   ', '', 'a'.repeat(1_025)];

const longer = fc.tuple(nastyText, fc.constantFrom(...treacherous)).map((parts) => parts.join(''));
const anything = fc.oneof(nastyText, fc.constantFrom(...treacherous), longer);
const rarelyRefused = { weight: 1, arbitrary: fc.constantFrom(...refused) };

/** Text of several lines, as in an address. */
const text = fc.oneof(
  { weight: 99, arbitrary: anything.map((given) => given.replaceAll('\u0000', '\u0007')) },
  rarelyRefused,
);

/** Text of one line, such as a name or a number. */
const line = fc.oneof(
  { weight: 99, arbitrary: anything.map((given) => `${given.replace(/\p{Cc}/gu, '')}1`) },
  rarelyRefused,
);

/** The emulator's reader ignores quotes around a name or a list item: there it would take a `#` for a comment. */
const name = fc.constantFrom('csv', '.tar.gz', '__proto__', 'été', 'a-b');
const pattern = line.map((given) => given.replaceAll('#', '.'));

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

/** In the United States, so that no customs data are required; the emulator refuses post office boxes. */
const returnAddress = fc.record({
  name: text,
  company: maybe(text),
  street1: text,
  street2: maybe(text),
  street3: maybe(text),
  city: text,
  stateOrProvince: text,
  postalCode: text,
  phoneNumber: text,
  country: fc.constantFrom('USA', 'us', 'United States'),
});

const customs = fc.record({
  dataDescription: text,
  encryptedData: fc.boolean(),
  encryptionClassification: line,
  exportCertifierName: text,
  requiresExportLicense: fc.boolean(),
  deviceValue: fc.constantFrom('250', '250.00'),
  deviceCountryOfOrigin: line,
  deviceType: line,
  deviceHts: maybe(line),
  typeOfExport: line,
});

const encryption = fc.oneof(
  line.map((pinCode) => ({ pinCode })),
  line.map((trueCryptPassword) => ({ trueCryptPassword })),
);

const common = {
  deviceId: line,
  returnAddress,
  notificationEmails: maybe(fc.array(fc.constantFrom('a@example.com', 'é@example.com'), { maxLength: 2 })),
  logPrefix: maybe(line),
  serviceLevel: maybe(fc.constantFrom('STANDARD' as const, 'EXPEDITED_SHIPPING' as const)),
  customs: maybe(customs),
};

const importToS3 = fc.record({
  ...common,
  bucket: fc.constant(demo.bucket),
  prefix: maybe(line),
  eraseDevice: fc.boolean(),
  logBucket: maybe(fc.constant(demo.logBucket)),
  encryption: maybe(encryption),
  cacheControl: maybe(line),
  contentDisposition: maybe(line),
  contentLanguage: maybe(line),
  contentTypes: maybe(
    fc.uniqueArray(fc.record({ extension: name, contentType: line }), {
      maxLength: 2,
      minLength: 1,
      selector: ({ extension }) => extension,
    }),
  ),
  ignore: maybe(fc.array(pattern, { minLength: 1, maxLength: 3 })),
  setContentEncodingForGzFiles: maybe(fc.boolean()),
});

const importToGlacier = fc.record({
  ...common,
  region: fc.constant('us-east-1'),
  vaultName: line,
  archiveComment: text,
  eraseDevice: fc.boolean(),
  logBucket: fc.constant(demo.logBucket),
  encryption: maybe(encryption),
});

const exportFromS3 = fc.record({
  ...common,
  fileSystem: fc.constantFrom('EXT4' as const, 'NTFS' as const),
  operations: fc.array(
    fc.record({
      exportBucket: fc.constant(demo.exportBucket),
      prefix: maybe(line),
      beginMarker: maybe(line),
      endMarker: maybe(line),
      targetDirectory: maybe(line),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  logBucket: fc.constant(demo.logBucket),
  recoveryDirectory: maybe(line),
  encryption,
});

/** Values of `manifest` of `createImportExportJob`. */
export const manifest = fc.oneof(
  importToS3.map((given) => ({ importToS3: given })),
  importToGlacier.map((given) => ({ importToGlacier: given })),
  exportFromS3.map((given) => ({ exportFromS3: given })),
);

export type TypedManifest = typeof manifest extends fc.Arbitrary<infer Value> ? Value : never;
export type TypedCustoms = typeof customs extends fc.Arbitrary<infer Value> ? Value : never;
