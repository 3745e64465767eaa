/** The requests of a soak: mostly reads, some creates, starts and cancels, and some that must be refused. */
import { randomUUID } from 'node:crypto';

export interface GraphqlRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface PlannedRequest {
  readonly kind: string;
  /** The body on the wire. */
  readonly body: string;
  /** Whether the gateway must refuse it. */
  readonly isInvalid: boolean;
}

interface Keyed {
  readonly idempotencyKey: string;
  readonly key: string;
}

/** Few, so that the known jobs still exist. */
const maxKnown = 20;

const unknownId = Buffer.from(`DataExchangeJob:${'0'.repeat(32)}`).toString('base64url');

/** The emulator's demo names. */
const asset = {
  dataSetId: 'da7a0000000000000000000000000001',
  revisionId: 'de710000000000000000000000000001',
  assetId: 'a55e7000000000000000000000000001',
  bucket: 'waybill-demo-target',
};

const jobQuery = 'query ($id: ID!) { job(id: $id) { id awsJobId service state createdAt } }';
const nodesQuery = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Job { state service } } }';
const pageQuery = `query ($first: Int!, $after: String, $filter: JobFilter) { jobs(first: $first, after: $after, filter: $filter) {
  nodes { id service createdAt } pageInfo { hasNextPage endCursor } unavailableServices { service code } } }`;
const statesQuery = `query ($first: Int!, $filter: JobFilter) { jobs(first: $first, filter: $filter) {
  nodes { id state } pageInfo { endCursor } unavailableServices { service code } } }`;
const payload = '{ job { id awsJobId state } userErrors { code awsCode field } }';
const createMutation = `mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) ${payload} }`;
const startMutation = `mutation ($id: ID!) { startDataExchangeJob(id: $id) ${payload} }`;
const cancelMutation = `mutation ($id: ID!) { cancelJob(id: $id) ${payload} }`;

const invalidBodies: readonly string[] = [
  '{"query": "{ jobs {"}',
  '{"query": "{ nobody }"}',
  '{"query": ',
  '[]',
  JSON.stringify({ query: jobQuery, variables: { id: 'not an id' } }),
  JSON.stringify({ query: jobQuery }),
  JSON.stringify({ query: pageQuery, variables: { first: 100_000 } }),
  JSON.stringify({ query: pageQuery, variables: { first: 5, after: 'made-up' } }),
  JSON.stringify({ query: nodesQuery, variables: { ids: [] } }),
  JSON.stringify({ query: createMutation, variables: { input: { idempotencyKey: 'short', details: {} } } }),
];

export class RequestMix {
  /** Watched jobs: read, never changed. */
  readonly #jobs: readonly string[];
  #created: readonly string[] = [];
  #keyed: readonly Keyed[] = [];
  #cursors: readonly string[] = [];
  #count = 0;

  constructor(jobs: readonly string[]) {
    this.#jobs = jobs;
  }

  next(): PlannedRequest {
    const roll = Math.random() * 1_000;
    if (roll < 400) return planned('job', { query: jobQuery, variables: { id: this.#someId() } });
    if (roll < 620) return this.#page();
    if (roll < 700) return planned('page with states', this.#states());
    if (roll < 900) return planned('nodes', { query: nodesQuery, variables: { ids: this.#someIds(4) } });
    if (roll < 910) return planned('create', { query: createMutation, variables: { input: this.#newJob() } });
    if (roll < 920) return planned('create with key', this.#createWithKey());
    if (roll < 925) return planned('start', { query: startMutation, variables: { id: this.#createdId() } });
    if (roll < 930) return planned('cancel', { query: cancelMutation, variables: { id: this.#createdId() } });
    return { kind: 'invalid', body: pick(invalidBodies) ?? '', isInvalid: true };
  }

  hasCreated(id: string): void {
    if (!this.#created.includes(id)) this.#created = [...this.#created, id].slice(-maxKnown);
  }

  hasPaged(cursor: string): void {
    this.#cursors = [...this.#cursors, cursor].slice(-maxKnown);
  }

  /** Creates with an unknown outcome keep it, whatever the services do now. */
  forgetKeys(): void {
    this.#keyed = [];
  }

  #page(): PlannedRequest {
    const after = Math.random() < 0.3 ? pick(this.#cursors) : undefined;
    if (after === undefined) return planned('page', { query: pageQuery, variables: { first: 10 } });
    return planned('next page', { query: pageQuery, variables: { first: 10, after } });
  }

  #states(): GraphqlRequest {
    return { query: statesQuery, variables: { first: 10, filter: { service: 'DATA_EXCHANGE' } } };
  }

  /** Half of them repeat a key with the same input, like a caller who lost the response. */
  #createWithKey(): GraphqlRequest {
    const known = Math.random() < 0.5 ? pick(this.#keyed) : undefined;
    const { idempotencyKey, key } = known ?? { idempotencyKey: randomUUID(), key: this.#newKey() };
    this.#keyed = [...this.#keyed, { idempotencyKey, key }].slice(-maxKnown);
    return { query: createMutation, variables: { input: { ...jobInput(key), idempotencyKey, start: true } } };
  }

  #newJob() {
    return { ...jobInput(this.#newKey()), start: Math.random() < 0.5 };
  }

  #newKey(): string {
    this.#count += 1;
    return `soak/${this.#count}.csv`;
  }

  #createdId(): string {
    return pick(this.#created) ?? unknownId;
  }

  /** Occasionally an unknown id. */
  #someId(): string {
    if (Math.random() < 0.05) return unknownId;
    return (Math.random() < 0.2 ? pick(this.#created) : pick(this.#jobs)) ?? pick(this.#jobs) ?? '';
  }

  #someIds(count: number): readonly string[] {
    return Array.from({ length: count }, () => this.#someId());
  }
}

function planned(kind: string, request: GraphqlRequest): PlannedRequest {
  return { kind, body: JSON.stringify(request), isInvalid: false };
}

function jobInput(key: string) {
  const { bucket, assetId, ...revision } = asset;
  return { details: { exportAssetsToS3: { ...revision, destinations: [{ assetId, bucket, key }] } } };
}

export function pick<T>(values: readonly T[]): T | undefined {
  return values[Math.floor(Math.random() * values.length)];
}
