/** Fifty callers send random operations; a model of their rights says what each must receive. */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Scope } from '../../src/identity/caller.ts';
import { dataExchangeDetails, globalId, returnAddress } from '../support/examples.ts';
import { type GuardedGateway, startGuarded } from '../support/guarded-gateway.ts';
import type { Frame, RawSocket } from '../support/live.ts';
import { walkSteps } from './runs.ts';

const principals = Array.from({ length: 50 }, (_, index) => `p${index}`);

/**
 * By arithmetic of the test, so that every combination of rights occurs, and the oracle does not depend on the gateway.
 */
const wordOf: Readonly<Record<number, Scope>> = {
  1: 'jobs:read',
  2: 'jobs:write',
  4: 'jobs:secrets',
  8: 'schema:read',
};
const rightsOf = (name: string): Scope[] => {
  // Three in four may read: the others receive the same answer to everything.
  const bits = (Number(name.slice(1)) % 16) | (Number(name.slice(1)) >= 16 ? 1 : 0);
  return [1, 2, 4, 8].flatMap((bit) => (bits & bit && wordOf[bit] ? [wordOf[bit]] : []));
};
const may = (name: string, ...words: Scope[]): boolean => words.every((word) => rightsOf(name).includes(word));

const kinds = ['read', 'manifest', 'list', 'page', 'create', 'watch', 'resume', 'introspect', 'label'] as const;

const step = fc.record({
  who: fc.constantFrom(...principals),
  /** The owner of the cursor: as often the caller as another. */
  whose: fc.oneof(fc.constant('own'), fc.constantFrom(...principals)),
  kind: fc.constantFrom(...kinds),
  isSocket: fc.boolean(),
  number: fc.nat(7),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly extensions?: Record<string, unknown> }[];
}

interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

class Walk {
  readonly #gateway: GuardedGateway;
  readonly #ids: readonly string[];
  readonly #finished: string;
  readonly #sockets = new Map<string, Promise<RawSocket>>();
  readonly #pageCursors = new Map<string, string>();
  readonly #streamCursors = new Map<string, string>();
  /** The owner of each job by its id, and each job by its owner and key. */
  readonly #makers = new Map<string, string>();
  readonly #made = new Map<string, string>();
  #operations = 0;
  /** Number of answered and of refused operations of each kind. */
  readonly tally = new Map<string, number>();

  constructor(gateway: GuardedGateway, ids: readonly string[], finished: string) {
    this.#gateway = gateway;
    this.#ids = ids;
    this.#finished = finished;
  }

  async take({ who, whose, kind, isSocket, number }: Step): Promise<void> {
    const owner = whose === 'own' ? who : whose;
    const request = this.#requestFor(kind, number, who, owner);
    if (request === undefined) return;
    const answer = await (isSocket ? this.#overSocket(who, request) : this.#overHttp(who, request));
    this.#check({ who, owner, kind, number }, answer);
  }

  #requestFor(kind: Step['kind'], number: number, who: string, owner: string): Operation | undefined {
    const id = this.#ids[number % this.#ids.length];
    const cursor = (cursors: Map<string, string>) => cursors.get(owner);
    switch (kind) {
      case 'read':
        return { query: 'query ($id: ID!) { job(id: $id) { id awsJobId } }', variables: { id } };
      case 'manifest':
        return {
          query: 'query ($id: ID!) { job(id: $id) { id ... on ImportExportJob { manifest } } }',
          variables: { id },
        };
      case 'list':
        return { query: '{ jobs(first: 2) { pageInfo { endCursor } } }' };
      case 'page': {
        const after = cursor(this.#pageCursors);
        return after === undefined
          ? undefined
          : {
              query: 'query ($after: String!) { jobs(first: 2, after: $after) { pageInfo { endCursor } } }',
              variables: { after },
            };
      }
      case 'create': {
        const input = {
          details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3,
          idempotencyKey: `shared-by-everyone-${number}`,
        };
        return {
          query:
            'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { id } } }',
          variables: { input },
        };
      }
      case 'watch':
        return { query: watching, variables: { ids: [this.#finished] } };
      case 'resume': {
        const after = cursor(this.#streamCursors);
        // The caller's own cursor of a finished job brings no further event.
        return after === undefined || owner === who
          ? undefined
          : { query: watching, variables: { ids: [this.#finished], after } };
      }
      case 'introspect':
        return { query: '{ __schema { queryType { name } } }' };
      case 'label':
        return {
          query: 'query ($input: ShippingLabelInput!) { shippingLabel(input: $input) { label { url } } }',
          variables: { input: { jobIds: [id], sender: returnAddress } },
        };
    }
  }

  /** The oracle. Throws if a caller received what is not theirs, or did not receive what is. */
  #check(
    { who, owner, kind, number }: { who: string; owner: string; kind: Step['kind']; number: number },
    answer: Answer,
  ): void {
    const codes = (answer.errors ?? []).map(({ extensions }) => extensions?.['code']);
    const needed: Record<Step['kind'], Scope[]> = {
      read: ['jobs:read'],
      manifest: ['jobs:read'],
      list: ['jobs:read'],
      page: ['jobs:read'],
      create: ['jobs:read', 'jobs:write'],
      watch: ['jobs:read'],
      resume: ['jobs:read'],
      introspect: ['schema:read'],
      label: ['jobs:read', 'jobs:secrets'],
    };
    const isAllowed = may(who, ...needed[kind]);
    const note = `${kind} by ${who} (${rightsOf(who).join()}), ${owner}: ${JSON.stringify(answer)}`;
    this.tally.set(`${kind} ${isAllowed}`, (this.tally.get(`${kind} ${isAllowed}`) ?? 0) + 1);
    if (!isAllowed) {
      expect(codes, note).toEqual(['FORBIDDEN']);
      expect(
        Object.values(answer.data ?? {}).every((value) => value === null),
        note,
      ).toBe(true);
      return;
    }
    const root = Object.values(answer.data ?? {})[0] as never;
    const isOwn = who === owner;
    if (kind === 'page') expect(codes, note).toEqual(isOwn ? [] : ['INVALID_INPUT']);
    else if (kind === 'resume') expect(codes, note).toEqual(['CURSOR_INVALID']);
    else if (kind === 'manifest') this.#checkManifest(who, root, codes, note);
    else expect(codes, note).toEqual([]);
    if (kind === 'read') expect(root, note).toMatchObject({ id: this.#ids[number % this.#ids.length] });
    if (kind === 'list') this.#pageCursors.set(who, (root as { pageInfo: { endCursor: string } }).pageInfo.endCursor);
    if (kind === 'watch') this.#streamCursors.set(who, (root as { cursor: string }).cursor);
    if (kind === 'create') this.#checkMade(who, number, (root as { job: { id: string } }).job.id, note);
  }

  #checkManifest(who: string, root: { id: string; manifest?: string | null }, codes: unknown[], note: string): void {
    const isDevice = Buffer.from(root.id, 'base64url').toString().startsWith('ImportExportJob');
    const isShown = may(who, 'jobs:secrets');
    expect(codes, note).toEqual(isDevice && !isShown ? ['FORBIDDEN'] : []);
    if (isDevice) expect(typeof root.manifest === 'string', note).toBe(isShown);
  }

  /** One key is one job per caller. */
  #checkMade(who: string, number: number, id: string, note: string): void {
    const key = `${who} ${number}`;
    expect(this.#made.get(key) ?? id, note).toBe(id);
    expect(this.#makers.get(id) ?? key, note).toBe(key);
    this.#made.set(key, id);
    this.#makers.set(id, key);
  }

  async #overHttp(who: string, { query, variables }: Operation): Promise<Answer> {
    if (!query.startsWith('subscription')) return this.#gateway.askAs(who, query, variables);
    const stream = await this.#gateway.eventsOf(who, query, variables ?? {});
    await stream.ended;
    const [first] = stream.results();
    if (first === undefined) throw new Error(`expected an event or an error for ${who}`);
    return first as Answer;
  }

  async #overSocket(who: string, { query, variables }: Operation): Promise<Answer> {
    const known = this.#sockets.get(who) ?? this.#gateway.socketOf(who);
    this.#sockets.set(who, known);
    const raw = await known;
    this.#operations += 1;
    const id = `${this.#operations}`;
    return new Promise((resolve) => {
      const listen = (text: unknown): void => {
        const frame = JSON.parse(String(text)) as Frame;
        if (frame.id !== id) return;
        raw.socket.off('message', listen);
        resolve(frame.type === 'error' ? { errors: frame.payload as never } : (frame.payload as Answer));
      };
      raw.socket.on('message', listen);
      raw.subscribe(id, query, variables);
    });
  }
}

const watching = `subscription ($ids: [ID!]!, $after: String) {
  jobStateChanged(ids: $ids, after: $after) { cursor ... on JobStateChange { state } }
}`;

test('none of fifty callers receives what is not theirs', { timeout: 1_800_000 }, async () => {
  const gateway = await startGuarded(Object.fromEntries(principals.map((name) => [name, rightsOf(name)])), {
    WAYBILL_INTROSPECTION: 'scope',
  });
  const { dataExchange, importExport } = await gateway.emulator.seed({ dataExchange: 5, importExport: 4 });
  const [finished = '', ...others] = dataExchange;
  await gateway.emulator.move(finished, { state: 'COMPLETED' });
  const ids = [
    ...others.map((id) => globalId('DataExchangeJob', id)),
    ...importExport.map((id) => globalId('ImportExportJob', id)),
  ];
  const walk = new Walk(gateway, ids, globalId('DataExchangeJob', finished));
  const seed = Date.now();
  const steps = fc.sample(step, { numRuns: walkSteps, seed });
  const walker = async (): Promise<void> => {
    for (let next = steps.pop(); next !== undefined; next = steps.pop()) {
      const taken = next;
      await walk.take(taken).catch((error: unknown) => {
        throw new Error(`seed ${seed}, ${JSON.stringify(taken)}`, { cause: error });
      });
    }
  };
  await Promise.all(Array.from({ length: 16 }, walker));
  expect(gateway.complaints).toEqual([]);
  for (const kind of kinds.filter((each) => each !== 'label'))
    expect(walk.tally.get(`${kind} true`)).toBeGreaterThan(10);
});
