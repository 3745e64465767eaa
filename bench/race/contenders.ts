/** The contenders: how each is started, and which requests it is sent. */
import { join } from 'node:path';
import { guardedGateway } from '../harness/guarded-gateway.ts';
import { credentials, Server, startGateway } from '../harness/servers.ts';
import type { Call } from '../requests/load.ts';
import { documents, hiveDocuments, type OperationName } from './documents.ts';
import { peersFolder } from './peers-package.ts';
import { forHive, type Variables, withoutKey } from './variables.ts';

export interface Contender {
  readonly name: string;
  /** Whether Waybill is compared with it. The floor is not a peer, since it does not execute GraphQL. */
  readonly isPeer: boolean;
  readonly start: (emulatorUrl: string) => Promise<Server>;
  /** Undefined where it does not support the operation. */
  readonly request: (operation: OperationName, variables: Variables) => object | undefined;
  /** Only valid once it has been started. */
  readonly token?: () => string;
  /** Fields whose values differ from Waybill's by design. */
  readonly otherFields?: readonly string[];
}

const polling = { intervalMs: 5_000, callsPerSecond: 5 };
/** More than any machine can spend in a minute: the limit is accounted for and never reached. */
const costPerMinute = '1000000000';
const guarded = guardedGateway(['race'], { WAYBILL_MAX_COST_PER_MINUTE: costPerMinute });

export const withTokens = 'waybill with tokens';

export const contenders: readonly Contender[] = [
  { name: 'waybill', isPeer: false, start: (url) => startGateway(url, polling), request: usualRequest },
  {
    name: withTokens,
    isPeer: false,
    start: (url) => guarded.start(url, polling),
    token: () => guarded.tokenOf('race'),
    request: usualRequest,
  },
  peer('yoga'),
  peer('apollo'),
  peer('mercurius'),
  { ...peer('hive'), request: hiveRequest, otherFields: ['id', 'service'] },
  { ...peer('floor'), isPeer: false },
];

function peer(name: string): Contender {
  const env = { ...credentials, PORT: '0', NODE_ENV: 'production' };
  return {
    name,
    isPeer: true,
    start: (url) => Server.start([join(peersFolder, 'dist', `${name}.js`)], { ...env, AWS_ENDPOINT_URL: url }),
    request: (operation, variables) => usualRequest(operation, withoutKey(variables)),
  };
}

function usualRequest(operationName: OperationName, variables: object): object {
  return { operationName, query: documents[operationName], variables };
}

function hiveRequest(operationName: OperationName, variables: Variables): object | undefined {
  const query = hiveDocuments[operationName];
  return query === undefined ? undefined : { operationName, query, variables: forHive(variables) };
}

/** The requests in the form that `contender` accepts at `url`; undefined where it does not support the operation. */
export function callsTo(
  { request, token }: Contender,
  url: string,
  operation: OperationName,
  variables: readonly Variables[],
): readonly Call[] | undefined {
  const { pathname } = new URL(url);
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token()}` };
  const headers = { 'content-type': 'application/json', accept: 'application/json', ...authorization };
  const requests = variables.map((each) => request(operation, each)).filter((each) => each !== undefined);
  if (requests.length < variables.length) return undefined;
  return requests.map((each) => ({ method: 'POST', path: pathname, headers, body: JSON.stringify(each) }));
}
