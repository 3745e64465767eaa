/** Which test files implement each case of the classes X, J, M, U, P, W and R of the catalogue, and what of it is still to come. */

export interface Case {
  readonly id: string;
  readonly stimulus: string;
  /** Below `test/`. */
  readonly files: readonly string[];
  /** What the capability that it names has still to bring. */
  readonly left?: string;
}

const importExport = 'backends/import-export';
const dataExchange = 'backends/data-exchange';

export const cases: readonly Case[] = [
  {
    id: 'X01',
    stimulus: '200 with an empty body',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X02',
    stimulus: 'only white space',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  { id: 'X03', stimulus: 'plain text', files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'] },
  { id: 'X04', stimulus: 'JSON', files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'] },
  {
    id: 'X05',
    stimulus: 'an HTML page with 200, and with 503',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X06',
    stimulus: 'cut inside a tag',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X08',
    stimulus: 'cut short of Content-Length',
    files: [`${importExport}/transport.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X09',
    stimulus: 'mismatched tags',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  { id: 'X10', stimulus: 'two roots', files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'] },
  {
    id: 'X11',
    stimulus: 'an external entity',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X12',
    stimulus: 'a parameter entity, an external DTD',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X13',
    stimulus: 'billion laughs',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X14',
    stimulus: 'a quadratic blow-up',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X15',
    stimulus: '1,000,000 numeric references',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X18',
    stimulus: 'an entity named like a regular expression',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X19',
    stimulus: 'tags named like members of Object',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X20',
    stimulus: '33 and 100,000 levels',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X21',
    stimulus: '50,000 attributes; 500 kB of white space in a tag',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X23',
    stimulus: 'other encodings, invalid UTF-8, BOM',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X24',
    stimulus: '1 MiB + 1; a body without end',
    files: [`${importExport}/hostile-xml.test.ts`, `${importExport}/transport.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X25',
    stimulus: 'no, one and two members of a list',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X27',
    stimulus: 'references and CDATA',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X29',
    stimulus: 'error replies under any status',
    files: [`${importExport}/hostile-xml.test.ts`, 'cases/hostile-xml.test.ts'],
  },
  {
    id: 'X30',
    stimulus: 'property: damaged replies, of Data Exchange too',
    files: [
      `${importExport}/hostile-xml.test.ts`,
      'cases/hostile-xml.test.ts',
      'properties/data-exchange-replies.test.ts',
      'properties/import-export-replies.test.ts',
    ],
  },
  {
    id: 'J01',
    stimulus: '200 with garbage, HTML, nothing, null, [], {}',
    files: [`${dataExchange}/job-answer.test.ts`, 'cases/hostile-json.test.ts'],
  },
  {
    id: 'J03',
    stimulus: 'an unknown state, an unknown type',
    files: [`${dataExchange}/job-answer.test.ts`, 'cases/hostile-json.test.ts'],
    left: 'counting it as anomalous: metrics',
  },
  {
    id: 'J05',
    stimulus: '__proto__, 200 levels, a million errors, 2 MiB',
    files: [`${dataExchange}/job-answer.test.ts`, 'cases/hostile-json.test.ts'],
  },
  {
    id: 'J06',
    stimulus: 'an error message with a secret, HTML, 1 MB',
    files: [`${dataExchange}/job-answer.test.ts`, 'cases/hostile-json.test.ts'],
  },
  {
    id: 'J07',
    stimulus: 'signed URLs that are not to be handed on',
    files: [`${dataExchange}/job-answer.test.ts`, 'cases/hostile-json.test.ts'],
  },
  {
    id: 'J10',
    stimulus: 'bodies missing, and bodies where none belongs',
    files: [`${dataExchange}/job-answer.test.ts`, 'cases/hostile-json.test.ts'],
  },
  {
    id: 'M01',
    stimulus: 'ids of data sets, revisions, assets, jobs',
    files: [`${dataExchange}/validate.test.ts`, 'cases/data-exchange-input.test.ts'],
  },
  { id: 'M02', stimulus: 'unknown, lower-case and null enum values', files: ['cases/data-exchange-input.test.ts'] },
  {
    id: 'M03',
    stimulus: 'details with 0 or 2 branches',
    files: [
      `${dataExchange}/requests.test.ts`,
      `${dataExchange}/validate.test.ts`,
      'cases/data-exchange-input.test.ts',
    ],
  },
  {
    id: 'M04',
    stimulus: 'an MD5 of another form',
    files: [`${dataExchange}/validate.test.ts`, 'cases/data-exchange-input.test.ts'],
  },
  {
    id: 'M05',
    stimulus: 'odd and dangerous asset names',
    files: [`${dataExchange}/validate.test.ts`, 'cases/data-exchange-input.test.ts'],
  },
  {
    id: 'M06',
    stimulus: 'buckets, keys and 101 sources',
    files: [`${dataExchange}/validate.test.ts`, 'cases/data-exchange-input.test.ts'],
  },
  {
    id: 'M08',
    stimulus: '`first` and `after` of a list',
    files: [`${dataExchange}/validate.test.ts`, 'cases/lists.test.ts'],
    left: 'cursors signed per principal: access',
  },
  {
    id: 'M09',
    stimulus: 'start and cancel in each state',
    files: [`${dataExchange}/outcome.test.ts`, 'cases/job-states.test.ts'],
  },
  { id: 'M10', stimulus: 'another direction; validateOnly left out', files: ['cases/manifest-fields.test.ts'] },
  {
    id: 'M13',
    stimulus: 'hostile manifest texts',
    files: [`${importExport}/manifest-text.test.ts`, 'cases/manifest-text.test.ts'],
  },
  {
    id: 'M14',
    stimulus: 'a foreign accessKeyId',
    files: [`${importExport}/manifest-text.test.ts`, 'cases/exceptions.test.ts', 'cases/manifest-text.test.ts'],
  },
  {
    id: 'M15',
    stimulus: 'each required manifest and customs field missing',
    files: [`${importExport}/manifest.test.ts`, 'cases/manifest-fields.test.ts'],
  },
  {
    id: 'M16',
    stimulus: 'addresses as data',
    files: [`${importExport}/manifest.test.ts`, 'cases/manifest-fields.test.ts'],
  },
  {
    id: 'M18',
    stimulus: 'lists of 0, 1, 101 and equal ids',
    files: [`${importExport}/operations.test.ts`, 'cases/lists.test.ts'],
  },
  {
    id: 'M19',
    stimulus: 'each of the 21 exceptions',
    files: [`${importExport}/errors.test.ts`, 'cases/exceptions.test.ts'],
  },
  {
    id: 'M21',
    stimulus: 'idempotency keys',
    files: ['cases/idempotency-keys.test.ts'],
    left: 'the key of another tenant: access',
  },
  {
    id: 'M22',
    stimulus: 'property: inputs by the service models',
    files: ['cases/data-exchange-input.test.ts', 'properties/manifests.test.ts', 'properties/requests.test.ts'],
  },
  {
    id: 'U01',
    stimulus: 'connection refused',
    files: [`${dataExchange}/transport.test.ts`, `${importExport}/transport.test.ts`, 'cases/u/unreachable.test.ts'],
  },
  { id: 'U02', stimulus: 'connect timeout', files: ['cases/u/unreachable.test.ts'] },
  {
    id: 'U03',
    stimulus: 'unknown host, slow DNS',
    files: [`${dataExchange}/transport.test.ts`, `${importExport}/transport.test.ts`, 'cases/u/unreachable.test.ts'],
  },
  { id: 'U04', stimulus: 'TLS faults', files: ['cases/u/unreachable.test.ts'] },
  {
    id: 'U05',
    stimulus: 'accepts, never answers',
    files: [`${dataExchange}/transport.test.ts`, `${importExport}/transport.test.ts`, 'cases/u/silence.test.ts'],
  },
  {
    id: 'U06',
    stimulus: 'stalls after the headers',
    files: [`${dataExchange}/transport.test.ts`, `${importExport}/transport.test.ts`, 'cases/u/silence.test.ts'],
  },
  { id: 'U07', stimulus: '1 byte/s', files: [`${importExport}/transport.test.ts`, 'cases/u/silence.test.ts'] },
  {
    id: 'U08',
    stimulus: 'reset before any byte of the reply',
    files: [`${dataExchange}/transport.test.ts`, `${importExport}/transport.test.ts`, 'cases/u/broken-off.test.ts'],
  },
  {
    id: 'U09',
    stimulus: 'reset before commit',
    files: ['cases/u/broken-off.test.ts'],
    left: '"not created" found out by reconciliation',
  },
  {
    id: 'U10',
    stimulus: 'reset after commit',
    files: ['cases/u/broken-off.test.ts'],
    left: 'bound to its job by reconciliation',
  },
  {
    id: 'U12',
    stimulus: 'half close',
    files: [`${dataExchange}/transport.test.ts`, `${importExport}/transport.test.ts`, 'cases/u/broken-off.test.ts'],
  },
  {
    id: 'U13',
    stimulus: '500, 502, 503, 504, with and without commit',
    files: [`${dataExchange}/transport.test.ts`, 'cases/u/polls.test.ts', 'cases/u/statuses.test.ts'],
    left: 'as U09 and U10: reconciliation',
  },
  {
    id: 'U15',
    stimulus: 'throttling under status 400',
    files: [`${importExport}/errors.test.ts`, 'cases/u/statuses.test.ts'],
  },
  {
    id: 'U16',
    stimulus: '50 % errors, flapping',
    files: ['cases/u/retry-storm.test.ts'],
  },
  { id: 'U17', stimulus: 'latency from 0 to 10 s', files: ['cases/u/silence.test.ts'] },
  { id: 'U19', stimulus: 'answers twice, pipelined junk', files: ['cases/u/broken-off.test.ts'] },
  {
    id: 'U21',
    stimulus: 'a redirect',
    files: [`${dataExchange}/transport.test.ts`, `${importExport}/transport.test.ts`, 'cases/u/statuses.test.ts'],
  },
  { id: 'U22', stimulus: 'a clock that is 20 min off', files: ['cases/u/clock-skew.test.ts'] },
  {
    id: 'U23',
    stimulus: 'credentials that expire, rotate, fail',
    files: [
      `${dataExchange}/transport.test.ts`,
      `${importExport}/operations.test.ts`,
      'cases/u/credentials.test.ts',
      'cases/u/polls.test.ts',
    ],
    left: 'polls that pause: watching',
  },
  {
    id: 'U24',
    stimulus: 'AccessDenied, SignatureDoesNotMatch',
    files: ['cases/u/statuses.test.ts'],
  },
  { id: 'P01', stimulus: 'each legal path of both services', files: ['cases/p/polling.test.ts'] },
  {
    id: 'P03',
    stimulus: 'steps back, unknown states, flapping',
    files: ['cases/p/polling.test.ts'],
    left: 'counting them: metrics',
  },
  { id: 'P04', stimulus: 'failing polls', files: ['cases/p/polling.test.ts'] },
  { id: 'P05', stimulus: 'deleted and expired jobs', files: ['cases/p/polling.test.ts'] },
  { id: 'P06', stimulus: 'a finished job', files: ['cases/p/polling.test.ts'] },
  { id: 'P08', stimulus: 'cancelJob by a user', files: ['cases/p/polling.test.ts'] },
  {
    id: 'P09',
    stimulus: 'property: reconnecting at every point',
    files: ['watch/watcher-model.test.ts'],
  },
  { id: 'P10', stimulus: 'over 1,025 unread events', files: ['cases/p/schedule.test.ts'] },
  { id: 'P16', stimulus: 'an hour of virtual time', files: ['cases/p/schedule.test.ts'] },
  {
    id: 'W06',
    stimulus: 'ids of operations',
    files: ['cases/w/subscriptions.test.ts'],
    left: 'ids of over 128 characters: access',
  },
  { id: 'W08', stimulus: 'complete at odd moments', files: ['cases/w/subscriptions.test.ts'] },
  { id: 'W09', stimulus: 'faulty operations among others', files: ['cases/w/subscriptions.test.ts'] },
  {
    id: 'W14',
    stimulus: 'subscriptions that come and go',
    files: ['cases/w/subscriptions.test.ts'],
    left: '5,000 a second for 10 s, and the heap: load',
  },
  { id: 'W19', stimulus: 'a half-open peer', files: ['cases/w/half-open.test.ts'] },
  {
    id: 'W26',
    stimulus: 'server-sent events',
    files: ['cases/w/subscriptions.test.ts'],
    left: 'the same rights and limits: access',
  },
  { id: 'W27', stimulus: 'cursors at each position, and bad ones', files: ['cases/w/subscriptions.test.ts'] },
  {
    id: 'R01',
    stimulus: 'failures up to and over the figure of the breaker; probes',
    files: ['cases/r/breaker.test.ts'],
  },
  { id: 'R02', stimulus: 'any number of 4xx', files: ['cases/r/breaker.test.ts'] },
  { id: 'R03', stimulus: 'the reads of one backend fail', files: ['cases/r/breaker.test.ts'] },
  { id: 'R04', stimulus: 'an open breaker', files: ['cases/r/breaker.test.ts'] },
  { id: 'R05', stimulus: 'a full bulkhead', files: ['cases/r/isolation.test.ts'] },
  { id: 'R06', stimulus: 'one service down, the other up', files: ['cases/r/isolation.test.ts'] },
  { id: 'R07', stimulus: 'both services down', files: ['cases/r/isolation.test.ts'] },
  {
    id: 'R09',
    stimulus: 'a client that goes',
    files: [`${importExport}/transport.test.ts`, 'cases/r/isolation.test.ts'],
  },
  { id: 'R10', stimulus: 'the waits before retries', files: ['cases/r/pacing.test.ts'] },
  { id: 'R11', stimulus: 'a total outage', files: ['cases/r/isolation.test.ts'] },
  {
    id: 'R13',
    stimulus: 'back-off of polls; 429',
    files: ['cases/r/pacing.test.ts'],
    left: 'one account of several: access',
  },
  { id: 'R15', stimulus: 'a token bucket under concurrency', files: ['cases/r/pacing.test.ts'] },
];
