/** A small client of AWS Import/Export: one operation, sent as a form, with an XML response. Current SDKs do not support it. */
import { Agent, request } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { XMLParser } from 'fast-xml-parser';

const endpoint = new URL(process.env['AWS_ENDPOINT_URL'] ?? 'https://importexport.amazonaws.com/');
const agent = new Agent({ keepAlive: true, maxSockets: 50 });

const signer = new SignatureV4({
  service: 'IngestionService',
  region: 'us-east-1',
  credentials: {
    accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
  },
  sha256: Sha256,
});

const parser = new XMLParser({ isArray: (name) => name === 'member', parseTagValue: false });

interface ListedJob {
  readonly awsJobId: string;
  readonly createdAt: string;
}

interface ListReply {
  readonly ListJobsResponse: {
    readonly ListJobsResult: {
      readonly Jobs?: { readonly member?: readonly { readonly JobId: string; readonly CreationDate: string }[] };
    };
  };
}

export async function listImportExportJobs(first: number): Promise<readonly ListedJob[]> {
  const form = new URLSearchParams({ Action: 'ListJobs', Version: '2010-06-01', MaxJobs: String(first) });
  const { ListJobsResponse } = parser.parse(await post(form.toString())) as ListReply;
  const { member = [] } = ListJobsResponse.ListJobsResult.Jobs ?? {};
  return member.map(({ JobId, CreationDate }) => ({ awsJobId: JobId, createdAt: CreationDate }));
}

async function post(body: string): Promise<string> {
  const signed = await signer.sign(
    new HttpRequest({
      method: 'POST',
      path: '/',
      headers: { host: endpoint.host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body,
    }),
  );
  return new Promise((resolve, reject) => {
    const sending = request(endpoint, { method: 'POST', agent, headers: signed.headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('error', reject).once('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`expected ListJobs to be answered, received ${response.statusCode}: ${text}`));
      });
    });
    sending.once('error', reject).end(body);
  });
}
