/** Makes the AWS SDK write a request without sending it. */
import {
  type CancelJobCommand,
  type CreateDataSetCommand,
  type CreateJobCommand,
  type CreateRevisionCommand,
  DataExchangeClient,
  type GetAssetCommand,
  type GetDataSetCommand,
  type GetJobCommand,
  type GetRevisionCommand,
  type ListDataSetRevisionsCommand,
  type ListDataSetsCommand,
  type ListJobsCommand,
  type ListRevisionAssetsCommand,
  type StartJobCommand,
  type UpdateRevisionCommand,
} from '@aws-sdk/client-dataexchange';
import { HttpRequest } from '@smithy/protocol-http';

export type WriteCommand =
  | CancelJobCommand
  | CreateDataSetCommand
  | CreateJobCommand
  | CreateRevisionCommand
  | StartJobCommand
  | UpdateRevisionCommand;

export type ReadCommand =
  | GetAssetCommand
  | GetDataSetCommand
  | GetJobCommand
  | GetRevisionCommand
  | ListDataSetRevisionsCommand
  | ListDataSetsCommand
  | ListJobsCommand
  | ListRevisionAssetsCommand;

export type Command = ReadCommand | WriteCommand;

export interface SdkOptions {
  /** Absent: the SDK derives it from the region. */
  readonly endpoint?: string;
  /** Absent: the SDK's default chain. */
  readonly region?: string;
}

/** Both reject with the error of the SDK if there is no region. */
export interface Sdk {
  /** The request of `command`, unsigned. */
  readonly unsent: (command: Command) => Promise<HttpRequest>;
  readonly region: () => Promise<string>;
}

/**
 * The SDK resolves the endpoint and the region and serialises the request; then a middleware of ours stops it. As it
 * sends nothing, it cannot repeat a create. It does not read replies because of these faults (measured with 3.873.0):
 * it prints values of a wrong type by `console.warn`, a numeric timestamp makes it lose the whole answer, it takes an
 * empty body for a success, and after a wrong `Date` header it signs every later request with that time. It does not
 * sign, as it accepts no time to sign for, and as it reads a credentials provider only once if the credentials have no
 * expiry: it never noticed a rotated key.
 */
export function createSdk({ endpoint, region }: SdkOptions): Sdk {
  const sdk = new DataExchangeClient({
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    maxAttempts: 1,
    // The SDK requires both.
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    signer: { sign: async (request) => request },
  });
  stopBeforeSending(sdk);
  const unsent = async (command: Command): Promise<HttpRequest> => {
    // `send` has an overload for each command and none for their union; the kind of command makes no difference here.
    const output: object = await sdk.send(command as GetJobCommand);
    if (!('unsent' in output) || !HttpRequest.isInstance(output.unsent)) {
      throw new TypeError('expected the SDK to build an HTTP request');
    }
    return HttpRequest.clone(output.unsent);
  };
  return { unsent, region: () => sdk.config.region() };
}

/** Adds a middleware that does not call the next one, which sends. S3's presigner stops the SDK in the same way. */
function stopBeforeSending(sdk: DataExchangeClient): void {
  sdk.middlewareStack.add(
    () =>
      async ({ request }) => ({ response: {}, output: unsentOutput(request) }),
    {
      step: 'finalizeRequest',
      priority: 'low',
      name: 'giveUnsentRequest',
    },
  );
}

/** The shape of the SDK's outputs, with the `$metadata` that the SDK writes into. */
function unsentOutput(unsent: unknown) {
  return { $metadata: {}, unsent };
}
