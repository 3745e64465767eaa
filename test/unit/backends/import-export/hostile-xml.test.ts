/** Hostile or malformed XML: it never becomes a job, is never echoed, and never crashes the client. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { BackendError } from '../../../../src/model/errors.ts';
import type { JobState } from '../../../../src/model/job-state.ts';
import { clientAnswering, errorBody, failureOf, uninterrupted } from './fixtures.ts';
import { replyVector, replyVectors } from './vectors.ts';

const badResponse = {
  code: 'UPSTREAM_BAD_RESPONSE',
  message: 'AWS Import/Export gave an answer that cannot be read.',
  isOutcomeUnclear: false,
};

type Body = string | Uint8Array<ArrayBuffer>;

function failureFor(body: Body, init?: ResponseInit) {
  return failureOf(clientAnswering(body, init).client.getStatus('53TX4', uninterrupted));
}

function statusFor(body: Body) {
  return clientAnswering(body).client.getStatus('53TX4', uninterrupted);
}

function manifestFor(manifest: string) {
  const body = fresh.replace(
    /<CurrentManifest>[\s\S]*<\/CurrentManifest>/,
    () => `<CurrentManifest>${manifest}</CurrentManifest>`,
  );
  return clientAnswering(body)
    .client.getDocuments('53TX4', uninterrupted)
    .then((documents) => documents.manifest?.reveal());
}

const fresh = replyVector('get-status-fresh').body;

/** The fresh reply with `xml` as one more member of its result. */
function withMember(xml: string): string {
  return fresh.replace('<JobId>', () => `${xml}<JobId>`);
}

it('The reply that these tests damage is sound', async () => {
  expect((await statusFor(fresh)).state).toBe('WAITING' satisfies JobState);
  expect((await statusFor(withMember('<Unknown>x</Unknown>'))).state).toBe('WAITING');
});

const malformed: [title: string, body: Body][] = [
  ['an empty body', ''],
  ['a body of white space', ' \r\n\t '],
  ['plain text', 'Service is fine.'],
  ['JSON', '{"GetStatusResponse":{"GetStatusResult":{"JobId":"53TX4"}}}'],
  ['an HTML page', '<html><body><h1>It works</h1></body></html>'],
  ['a reply cut inside a tag', fresh.slice(0, fresh.indexOf('<ProgressCode>') + 5)],
  ['a reply cut inside its last tag', fresh.trimEnd().slice(0, -1)],
  ['a reply cut between tags', fresh.slice(0, fresh.indexOf('<ResponseMetadata>'))],
  ['mismatched tags', fresh.replace('</ProgressCode>', '</LocationCode>')],
  ['tags that overlap', '<GetStatusResponse><a><b></a></b></GetStatusResponse>'],
  ['two roots', `${fresh}${fresh}`],
  ['a second root after an empty one', `<a/>${fresh}`],
  ['an empty second root', `${fresh}<a/>`],
  ['text after the root', `${fresh}text`],
  ['text before the root', `text${fresh}`],
  ['CDATA after the root', `${fresh}<![CDATA[text]]>`],
  [
    'a parameter entity and an external DTD',
    `<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd" [<!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]>${fresh}`,
  ],
  ['a DOCTYPE in lower case', `<!doctype html>${fresh}`],
  ['a billion laughs', billionLaughs()],
  ['a quadratic blow-up', `<!DOCTYPE a [<!ENTITY e "${'x'.repeat(10_000)}">]><a>${'&e;'.repeat(10_000)}</a>`],
  ['a million numeric references', withMember(`<a>${'&#65;'.repeat(1_000_000)}</a>`)],
  ['an entity named like a regular expression', '<!DOCTYPE a [<!ENTITY l.*?+()[ "x">]><a>&l.*?+()[;</a>'],
  ['nesting of 33 levels', withMember(`${'<a>'.repeat(31)}${'</a>'.repeat(31)}`)],
  ['nesting of 100,000 levels', withMember(`${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`)],
  ['100,000 levels that never close', '<a>'.repeat(100_000)],
  ['50,000 attributes', withMember(`<a ${Array.from({ length: 50_000 }, (_, index) => `a${index}="x"`).join(' ')}/>`)],
  ['500 kB of white space in a tag', withMember(`<a${' '.repeat(500_000)}/>`)],
  ['invalid UTF-8', Buffer.from(fresh.replace('Jane', 'J\u00e9ne'), 'latin1')],
  ['UTF-16 with its mark', Buffer.from(`\ufeff${fresh}`, 'utf16le')],
  ['UTF-16 without its mark', Buffer.from(fresh, 'utf16le')],
  ['UTF-16 as declared', `<?xml version="1.0" encoding="UTF-16"?>${fresh}`],
  ['1 MiB and one byte', fresh.padEnd(1_048_577)],
  ['a reference to an unknown entity', withMember('<a>&nbsp;</a>')],
  ['a reference to no character', withMember('<a>&#0;</a>')],
  ['a reference past the last character', withMember('<a>&#x110000;</a>')],
  ['an ampersand by itself', withMember('<a>a & b</a>')],
  ['a control character', withMember('<a>\u0001</a>')],
  ['text between elements', withMember('text')],
  ['a member that occurs twice', withMember('<JobId>53TX4</JobId>')],
  ['a member that has members', fresh.replace('>Pending<', '><a>Pending</a><')],
  ['the reply to another operation', replyVector('list-jobs-one').body],
  ['a result in another wrapper', fresh.replaceAll('GetStatusResult', 'ListJobsResult')],
  ['an answer without the job id', fresh.replace('<JobId>53TX4</JobId>', '')],
  ['a date that is none', fresh.replace('2015-05-27T18:58:21Z', '27 May 2015')],
  ['a job type of neither kind', fresh.replace('<JobType>Import<', '<JobType>constructor<')],
];

it.each(malformed)('%s is a bad response that is not echoed', async (_title, body) => {
  expect(await failureFor(body)).toEqual(badResponse);
});

function billionLaughs(): string {
  const entities = Array.from({ length: 10 }, (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`);
  return `<!DOCTYPE a [<!ENTITY e0 "ha">${entities.join('')}]><a>&e10;</a>`;
}

it('An HTML page with 503 means that the service is unavailable', async () => {
  const failure = await failureFor('<html><body>Service Unavailable</body></html>', { status: 503 });
  expect(failure).toEqual({
    code: 'UPSTREAM_UNAVAILABLE',
    message: 'AWS Import/Export is failing.',
    isOutcomeUnclear: false,
  });
});

it('An external entity is neither read nor fetched', async () => {
  let hits = 0;
  const listener = createServer((_request, response) => {
    hits += 1;
    response.end('fetched');
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  for (const source of ['file:///etc/passwd', `http://127.0.0.1:${port}/`]) {
    const body = `<!DOCTYPE a [<!ENTITY x SYSTEM "${source}">]>${withMember('<Carrier>&x;</Carrier>')}`;
    expect(await failureFor(body)).toEqual(badResponse);
  }
  await new Promise((resolve) => listener.close(resolve));
  expect(hits).toBe(0);
});

describe('elements named like members of Object', () => {
  it.each(['hasOwnProperty', 'toString', 'valueOf', '__defineGetter__'])(
    'An element named %s is dropped and pollutes nothing',
    async (name) => {
      expect((await statusFor(withMember(`<${name}><polluted>1</polluted></${name}>`))).state).toBe('WAITING');
      expect({}).not.toHaveProperty('polluted');
    },
  );

  it.each(['__proto__', 'constructor', 'prototype'])(
    'An element named %s is refused and pollutes nothing',
    async (name) => {
      expect(await failureFor(withMember(`<${name}><polluted>1</polluted></${name}>`))).toEqual(badResponse);
      expect({}).not.toHaveProperty('polluted');
    },
  );
});

it('An exception named like a member of Object is an unknown one', async () => {
  expect(await failureFor(errorBody('constructor'), { status: 400 })).toMatchObject({ code: 'UPSTREAM_REJECTED' });
});

it('Nesting of 32 levels is read', async () => {
  expect((await statusFor(withMember(`${'<a>'.repeat(30)}${'</a>'.repeat(30)}`))).state).toBe('WAITING');
});

describe('encodings', () => {
  it('A reply with a byte order mark is read', async () => {
    expect((await statusFor(`\ufeff${fresh}`)).state).toBe('WAITING');
  });

  it('UTF-8 is decoded exactly, declared or not', async () => {
    expect(await manifestFor('name: José 😀')).toBe('name: José 😀');
    expect((await statusFor(`<?xml version="1.0" encoding="utf-8"?>\n${fresh}`)).state).toBe('WAITING');
  });

  it('ISO-8859-1 is decoded exactly if it is declared', async () => {
    const body = `<?xml version="1.0" encoding="ISO-8859-1"?>${fresh.replace('Jane', 'Jos\u00e9 \u0080')}`;
    const { client } = clientAnswering(Buffer.from(body, 'latin1'));
    expect((await client.getDocuments('53TX4', uninterrupted)).manifest?.reveal()).toContain(
      'name: Jos\u00e9 \u0080 Roe',
    );
  });
});

it('A long CDATA section does not count as a long tag', async () => {
  expect(await manifestFor(`<![CDATA[${'a: b '.repeat(1_000)}]]>`)).toBe('a: b '.repeat(1_000));
});

it('A reply of 1 MiB is read', async () => {
  expect((await statusFor(fresh.padEnd(1_048_576))).state).toBe('WAITING');
});

it.each([
  ['<Jobs/>', []],
  ['<Jobs></Jobs>', []],
  ['<Jobs>\n  </Jobs>', []],
  ['', []],
  [`<Jobs>${member('00123')}</Jobs>`, ['00123']],
  [`<Jobs>${member('1E5')}${member('0x1F')}</Jobs>`, ['1E5', '0x1F']],
])('%j is read as a list, with ids as text', async (jobs, ids) => {
  const body = `<ListJobsResponse><ListJobsResult>${jobs}<IsTruncated>false</IsTruncated></ListJobsResult></ListJobsResponse>`;
  const page = await clientAnswering(body).client.listJobs({ limit: 10 }, uninterrupted);
  expect(page.jobs.map(({ awsJobId }) => awsJobId)).toEqual(ids);
});

function member(id: string): string {
  return `<member><JobId>${id}</JobId><CreationDate>2015-05-27T18:58:21Z</CreationDate><IsCanceled>false</IsCanceled><JobType>Import</JobType></member>`;
}

it.each([
  ['a: &amp;amp;&amp;lt;&amp;#13;', 'a: &amp;&lt;&#13;'],
  ['a: &lt;b&gt; &quot;&apos;', 'a: <b> "\''],
  ['a: 1&#13;\nb: 2&#10;c: 3&#x41;', 'a: 1\r\nb: 2\nc: 3A'],
  ['a: <![CDATA[<b> &amp; &#10;]]> &amp;', 'a: <b> &amp; &#10; &'],
  ['a: 1<!-- not text -->2', 'a: 12'],
  ['  a: 1 \n\n', '  a: 1 \n\n'],
])('%j is decoded exactly once, with its white space', async (written, read) => {
  expect(await manifestFor(written)).toBe(read);
});

describe('error replies', () => {
  it.each([200, 400, 403])('An error reply with status %i keeps its code and loses its text', async (status) => {
    expect(await failureFor(errorBody('InvalidJobIdException'), { status })).toEqual({
      code: 'NOT_FOUND',
      message: 'There is no such job.',
      isOutcomeUnclear: false,
      awsCode: 'InvalidJobIdException',
    });
  });

  it('An error reply with status 500 is UPSTREAM_UNAVAILABLE, whatever exception it names', async () => {
    expect(await failureFor(errorBody('InternalFailure'), { status: 500 })).toEqual({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'AWS Import/Export is failing.',
      isOutcomeUnclear: false,
      awsCode: 'InternalFailure',
    });
  });

  it.each([
    [
      'with a lower-case message',
      '<ErrorResponse><Error><Code>InvalidJobIdException</Code><message>planted</message></Error></ErrorResponse>',
    ],
    [
      'in the older envelope',
      '<Response><Errors><Error><Code>InvalidJobIdException</Code></Error></Errors></Response>',
    ],
    [
      'with several errors',
      '<Response><Errors><Error><Code>InvalidJobIdException</Code></Error><Error><Code>Other</Code></Error></Errors></Response>',
    ],
    ['without an envelope', '<Error><Code>InvalidJobIdException</Code></Error>'],
    [
      'in a namespace with a prefix',
      '<e:ErrorResponse xmlns:e="urn:x"><e:Error><e:Code>InvalidJobIdException</e:Code></e:Error></e:ErrorResponse>',
    ],
  ])('An error reply %s keeps its code', async (_title, body) => {
    expect(await failureFor(body, { status: 400 })).toMatchObject({
      code: 'NOT_FOUND',
      awsCode: 'InvalidJobIdException',
    });
  });

  it.each(['', 'two words', '1st', 'A'.repeat(101), '&lt;script&gt;'])(
    'An error reply with the code %j is a bad response',
    async (code) => {
      expect(await failureFor(errorBody(code), { status: 400 })).toEqual(badResponse);
    },
  );
});

describe('damaged replies', () => {
  const rounds = 1_500;

  it('A damaged reply ends in a result or a BackendError, after bit flips, cuts, splices, duplicates and swaps', async () => {
    const random = randomFrom(20100601);
    for (let round = 0; round < rounds; round += 1) {
      const vector = replyVectors[round % replyVectors.length] ?? replyVector('get-status-fresh');
      const bytes = damaged(Buffer.from(vector.body), random);
      const { client } = clientAnswering(bytes, { status: vector.httpStatus });
      for (const call of [client.getStatus('53TX4', uninterrupted), client.listJobs({ limit: 10 }, uninterrupted)]) {
        const outcome = await call.catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(BackendError);
      }
    }
  });

  function damaged(bytes: Buffer, random: (limit: number) => number): Uint8Array<ArrayBuffer> {
    const at = random(bytes.length);
    const length = random(40);
    const piece = bytes.subarray(at, at + length);
    const elsewhere = random(bytes.length);
    switch (random(5)) {
      case 0:
        return Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ (1 << random(8)) : byte));
      case 1:
        return Uint8Array.from(bytes.subarray(0, at));
      case 2:
        return Uint8Array.from(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]));
      case 3:
        return Uint8Array.from(Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]));
      default:
        return Uint8Array.from(
          Buffer.concat([bytes.subarray(0, elsewhere), piece, bytes.subarray(elsewhere + length)]),
        );
    }
  }

  /** A linear congruential generator, so that a failure can be repeated. */
  function randomFrom(seed: number): (limit: number) => number {
    let state = seed;
    return (limit) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
  }
});
