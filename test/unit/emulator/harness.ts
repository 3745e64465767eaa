/** An emulator with a fake clock, and functions to call it. */
import { createEmulator, type Emulator, type EmulatorOptions } from '../../../src/emulator/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { formHeaders, signedV4 } from './signing.ts';

export const origin = 'http://emulator.test:4566';
export const stepMs = 1000;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed on access; throws if the body is not JSON. */
  readonly json: ReplyBody;
}

/** The members of responses that tests read. */
export interface ReplyBody {
  readonly Id: string;
  readonly Arn: string;
  readonly Name: string;
  readonly State: string;
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
  readonly Finalized: boolean;
  readonly Tags: object;
  readonly tags: object;
  readonly AssetType: string;
  readonly AssetDetails: object;
  readonly AssetConfiguration: object;
  readonly Details: {
    readonly ImportAssetFromSignedUrl: SignedUrlMembers;
    readonly ExportAssetToSignedUrl: SignedUrlMembers;
    readonly ImportAssetFromApiGatewayApi: SignedUrlMembers;
  };
  readonly Errors: readonly object[];
  readonly Message: string;
  readonly ResourceType: string;
  readonly Jobs: readonly ReplyBody[];
  readonly DataSets: readonly ReplyBody[];
  readonly Revisions: readonly ReplyBody[];
  readonly Assets: readonly ReplyBody[];
  readonly NextToken?: string;
  readonly dataExchange: string[];
  readonly importExport: string[];
  /** Absent unless they were asked for. */
  readonly dataSets?: string[];
  readonly entitledDataSets?: string[];
}

export interface SignedUrlMembers {
  readonly SignedUrl: string;
  readonly SignedUrlExpiresAt: string;
  readonly ApiSpecificationUploadUrl: string;
  readonly ApiSpecificationUploadUrlExpiresAt: string;
}

export interface Harness {
  readonly clock: FakeClock;
  readonly emulator: Emulator;
  /** One signed call of Data Exchange. */
  readonly exchange: (method: string, path: string, body?: unknown) => Promise<Reply>;
  /** One signed call of Import/Export, with the parameters of its form. */
  readonly device: (Action: string, parameters?: Readonly<Record<string, string>>) => Promise<Reply>;
  readonly control: (method: string, path: string, body?: unknown) => Promise<Reply>;
  readonly fetch: (url: string, init?: RequestInit) => Promise<Reply>;
}

export function startEmulator(options: Partial<EmulatorOptions> = {}): Harness {
  const clock = new FakeClock();
  const emulator = createEmulator({ clock, wallClock: clock.now, stepMs, origin: () => origin, ...options });
  const send = async (request: Request) => replyFrom(await emulator.handle(request));
  return {
    clock,
    emulator,
    exchange: (method, path, body) => send(exchangeRequest(method, path, clock.now(), body)),
    device: (Action, parameters) => send(deviceRequest(Action, clock.now(), parameters)),
    control: (method, path, body) => send(controlRequest(method, path, body)),
    fetch: (url, init) => send(new Request(url, init)),
  };
}

export function exchangeRequest(method: string, path: string, at: number, body?: unknown, base = origin): Request {
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  return signedV4({ method, url: base + path, ...json }, { at, service: 'dataexchange' });
}

export function deviceRequest(
  Action: string,
  at: number,
  parameters: Readonly<Record<string, string>> = {},
  base = origin,
): Request {
  const body = new URLSearchParams({ Action, Version: '2010-06-01', ...parameters }).toString();
  return signedV4({ method: 'POST', url: `${base}/`, body, headers: formHeaders }, { at, service: 'IngestionService' });
}

export function controlRequest(method: string, path: string, body?: unknown, base = origin): Request {
  return new Request(`${base}/_emulator/${path}`, { method, body: body === undefined ? null : JSON.stringify(body) });
}

export async function replyFrom(response: Response): Promise<Reply> {
  const { status, headers } = response;
  const text = await response.text();
  return {
    status,
    headers,
    text,
    get json() {
      return JSON.parse(text);
    },
  };
}

/** The decoded text of the first element with that name; undefined if there is none. */
export function elementText({ text }: Reply, name: string): string | undefined {
  const [, content] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text) ?? [];
  return content?.replace(
    /&(amp|lt|gt|#13);/g,
    (_, reference) => ({ amp: '&', lt: '<', gt: '>' })[String(reference)] ?? '\r',
  );
}

/** The texts of all elements with that name. */
export function elementTexts({ text }: Reply, name: string): readonly string[] {
  return [...text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, content]) => content ?? '');
}

/** The error name of either service; undefined for a success. */
export function errorName(reply: Reply): string | undefined {
  return reply.headers.get('x-amzn-errortype') ?? elementText(reply, 'Code');
}
