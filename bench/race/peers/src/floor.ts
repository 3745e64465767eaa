/** The same service calls and answers on node:http with the same SDK, without GraphQL: a lower bound for every peer. */
import { createServer, type IncomingMessage } from 'node:http';
import { createExport, type ExportInput, type Job, listJobs, readJob } from './jobs.ts';
import { listen } from './listening.ts';

interface Variables {
  readonly id: string;
  readonly ids: readonly string[];
  readonly first: number;
  readonly service: Job['service'];
  readonly input: { readonly details: { readonly exportAssetsToS3: ExportInput } };
}

/** By operation name; the document itself is not parsed. */
const answers: Readonly<Record<string, (variables: Variables) => unknown>> = {
  Typename: () => ({ __typename: 'Query' }),
  OneJob: async ({ id }) => ({ job: await readJob(id) }),
  Page: async ({ first, service }) => ({ jobs: { nodes: await listJobs(first, service) } }),
  Nodes: async ({ ids }) => ({ nodes: await Promise.all(ids.map(readJob)) }),
  Create: async ({ input }) => {
    const job = await createExport(input.details.exportAssetsToS3);
    return { createDataExchangeJob: { job, userErrors: [] } };
  },
  BothServices: async ({ first }) => ({ jobs: { nodes: (await listJobs(first)).map(briefly) } }),
};

function briefly({ id, awsJobId, service, createdAt }: Job) {
  return { id, awsJobId, service, createdAt };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function answerTo(request: IncomingMessage): Promise<string> {
  const { operationName, variables } = JSON.parse(await bodyOf(request)) as {
    readonly operationName: string;
    readonly variables: Variables;
  };
  return JSON.stringify({ data: await answers[operationName]?.(variables) });
}

listen(
  createServer((request, response) => {
    answerTo(request).then(
      (text) => response.setHeader('content-type', 'application/json').end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }),
);
