/**
 * Hive Gateway in front of Data Exchange's own REST API, described by JSON schemas, as in its documentation. Its schema
 * has the service's names, so the race's documents use aliases. It does not support Import/Export, which answers in
 * XML.
 */
import { createServer } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { createGatewayRuntime, type GatewayPlugin } from '@graphql-hive/gateway';
import { composeSubgraphs } from '@graphql-mesh/fusion-composition';
import { DefaultLogger } from '@graphql-mesh/utils';
import { type JSONSchemaLoaderOptions, loadJSONSchemaSubgraph } from '@omnigraph/json-schema';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { listen } from './listening.ts';

const text = { type: 'string' } as const;
const object = (title: string, properties: object) => ({ type: 'object', title, properties }) as const;
const list = (items: object) => ({ type: 'array', items }) as const;

const job = object('DataExchangeJob', {
  Id: text,
  Arn: text,
  State: text,
  Type: text,
  CreatedAt: text,
  UpdatedAt: text,
});
const destination = object('AssetDestination', { AssetId: text, Bucket: text, Key: text });
const destinations = { DataSetId: text, RevisionId: text, AssetDestinations: list(destination) };
const details = object('Details', { ExportAssetsToS3: object('ExportAssetsToS3', destinations) });

const operations: JSONSchemaLoaderOptions['operations'] = [
  {
    type: 'Query',
    field: 'job',
    path: '/v1/jobs/{args.id}',
    method: 'GET',
    argTypeMap: { id: text },
    requiredArgs: ['id'],
    responseSchema: job,
  },
  {
    type: 'Query',
    field: 'jobs',
    path: '/v1/jobs?maxResults={args.first}',
    method: 'GET',
    argTypeMap: { first: { type: 'integer' } },
    requiredArgs: ['first'],
    responseSchema: object('JobPage', { Jobs: list(job), NextToken: text }),
  },
  {
    type: 'Mutation',
    field: 'createJob',
    path: '/v1/jobs',
    method: 'POST',
    requestSchema: object('CreateJob', { Type: text, Details: details }),
    responseSchema: job,
  },
];

/** The gateway's own plugin, `@graphql-hive/plugin-aws-sigv4` 2.0.68, does not sign requests without a body, such as GET. */
function signing(): GatewayPlugin {
  const signer = new SignatureV4({
    service: 'dataexchange',
    region: process.env['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
    sha256: Sha256,
  });
  return {
    onFetch: async ({ url, options, setOptions }) => {
      const { host, pathname, searchParams } = new URL(url);
      const { method = 'GET', body } = options;
      const headers = { ...options.headers, host };
      const query = Object.fromEntries(searchParams);
      const request = new HttpRequest({ method, path: pathname, query, headers, body });
      setOptions({ ...options, headers: (await signer.sign(request)).headers });
    },
  };
}

async function supergraph(endpoint: string): Promise<string> {
  const load = loadJSONSchemaSubgraph('dataExchange', { endpoint, operations });
  const { name, schema$ } = load({ fetch, cwd: process.cwd(), logger: new DefaultLogger() });
  const { supergraphSdl, errors = [] } = composeSubgraphs([{ name, schema: await schema$ }]);
  if (errors.length > 0) throw new Error(`expected a supergraph, received ${errors.join(', ')}`);
  return supergraphSdl;
}

const gateway = createGatewayRuntime({
  supergraph: await supergraph(process.env['AWS_ENDPOINT_URL'] ?? ''),
  logging: false,
  plugins: () => [signing()],
});

listen(createServer((request, response) => void gateway(request, response)));
