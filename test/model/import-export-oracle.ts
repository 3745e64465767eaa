/** Reads replies of AWS Import/Export by its service model, without any code of the gateway's readers. */

import { expect } from 'vitest';
import { withoutSecrets } from '../../src/backends/import-export/manifest-secrets.ts';
import type { ReplyVector } from '../unit/backends/import-export/vectors.ts';
import { strictXml, type XmlNode } from './strict-xml.ts';
import {
  count,
  direction,
  expectTrue,
  flag,
  instant,
  membersOf,
  only,
  optionalText,
  optionalToken,
  orUndefined,
  pair,
  required,
  token,
} from './xml-members.ts';

/** The service's exception, if the reply contains one. */
export function exceptionIn(bytes: Uint8Array): string | undefined {
  try {
    const root = strictXml(bytes);
    return root.name === 'ErrorResponse' ? token(only(root, 'Error'), 'Code') : undefined;
  } catch {
    return undefined;
  }
}

/** The expected model of the reply to `operation`. Throws if the reply is not one to it. */
export function modelOf(operation: ReplyVector['operation'], bytes: Uint8Array): unknown {
  const root = strictXml(bytes);
  if (root.name !== `${operation}Response`) throw new Error('the reply to another operation');
  const read = readers[operation ?? ''];
  if (!read) throw new Error('no such operation');
  return read(only(root, `${operation}Result`));
}

const readers: Readonly<Record<string, (result: XmlNode) => unknown>> = {
  CancelJob: (result) => {
    expectTrue(result);
    return undefined;
  },
  CreateJob: (result) => ({
    job: {
      service: 'IMPORT_EXPORT',
      awsJobId: required(result, 'JobId'),
      // The request of these tests is an import.
      direction: orUndefined(() => direction(result)) ?? 'IMPORT',
      state: 'WAITING',
    },
    warning: optionalText(result, 'WarningMessage'),
  }),
  GetShippingLabel: (result) => ({
    url: link(required(result, 'ShippingLabelURL')),
    warning: optionalText(result, 'Warning'),
  }),
  GetStatus: (result) => ({ status: statusOf(result), documents: documentsOf(result) }),
  ListJobs: (result) => ({
    ...entriesOf(membersOf(result, 'Jobs')),
    nextMarker:
      token(result, 'IsTruncated') !== undefined && flag(result, 'IsTruncated')
        ? (membersOf(result, 'Jobs')
            .flatMap((job) => orUndefined(() => required(job, 'JobId')) ?? [])
            .at(-1) ?? null)
        : null,
  }),
  UpdateJob: (result) => {
    expectTrue(result);
    return { warning: optionalText(result, 'WarningMessage') };
  },
};

/** Each entry separately. */
function entriesOf(entries: readonly XmlNode[]) {
  const jobs: unknown[] = [];
  const unreadable: unknown[] = [];
  for (const entry of entries) {
    const job = orUndefined(() => listed(entry));
    const awsJobId = orUndefined(() => required(entry, 'JobId'));
    if (job !== undefined) jobs.push(job);
    else
      unreadable.push({ before: jobs.length, error: expect.any(Error), ...(awsJobId !== undefined && { awsJobId }) });
  }
  return { jobs, ...(unreadable.length > 0 && { unreadable }) };
}

function listed(job: XmlNode) {
  return {
    service: 'IMPORT_EXPORT',
    awsJobId: required(job, 'JobId'),
    direction: direction(job),
    createdAt: instant(job),
    ...(flag(job, 'IsCanceled') && { state: 'CANCELLED' }),
  };
}

const states: Readonly<Record<string, readonly string[]>> = {
  WAITING: ['pending'],
  IN_PROGRESS: ['inprogress', 'started'],
  COMPLETED: ['complete', 'success'],
  COMPLETED_WITH_ERRORS: ['successwitherrors'],
  CANCELLED: ['canceled'],
  TIMED_OUT: ['expired'],
  FAILED: [
    'deviceerror',
    'invalidsignature',
    'missingsignature',
    'missingdevice',
    'unsupporteddevicetype',
    'unsupportedfileformat',
    'unsupportedpowersupply',
  ],
};

const locations: Readonly<Record<string, string>> = {
  ataws: 'AT_AWS',
  notreceived: 'NOT_RECEIVED',
  returned: 'RETURNED',
};

function statusOf(result: XmlNode) {
  const code = required(result, 'ProgressCode');
  const state = Object.keys(states).find((name) => states[name]?.includes(code.toLowerCase())) ?? 'UNKNOWN';
  const isTransferred = ['COMPLETED', 'COMPLETED_WITH_ERRORS', 'FAILED'].includes(state);
  const errorCount = orUndefined(() => count(result)) ?? null;
  const log = pair(optionalToken(result, 'LogBucket'), optionalText(result, 'LogKey') ?? undefined);
  return {
    awsJobId: required(result, 'JobId'),
    direction: direction(result),
    createdAt: instant(result),
    state,
    progress: {
      code,
      message: optionalText(result, 'ProgressMessage'),
      errorCount: isTransferred ? errorCount : null,
      log: log && { bucket: log[0], key: log[1] },
    },
    device: deviceOf(result),
  };
}

function deviceOf(result: XmlNode) {
  const locationCode = optionalToken(result, 'LocationCode');
  const shipment = pair(optionalToken(result, 'Carrier'), optionalToken(result, 'TrackingNumber'));
  if (locationCode === undefined) return null;
  return {
    location: locations[locationCode.toLowerCase()] ?? 'UNKNOWN',
    locationCode,
    message: optionalText(result, 'LocationMessage'),
    returnShipment: shipment && { carrier: shipment[0], trackingNumber: shipment[1] },
  };
}

function documentsOf(result: XmlNode) {
  const manifest = optionalText(result, 'CurrentManifest');
  const signature = pair(
    optionalToken(result, 'Signature'),
    optionalText(result, 'SignatureFileContents') ?? undefined,
  );
  return {
    // Which of its lines are shown is tested elsewhere.
    manifest: manifest && withoutSecrets(manifest),
    signature: signature && { value: signature[0], fileContents: signature[1] },
    artifacts: (orUndefined(() => membersOf(result, 'ArtifactList')) ?? []).flatMap(artifactIn),
  };
}

/** A faulty link is left out, and nothing else. */
function artifactIn(member: XmlNode) {
  const description = optionalText(member, 'Description') ?? '';
  try {
    return [{ description, url: link(required(member, 'URL')) }];
  } catch {
    return [];
  }
}

function link(url: string): string {
  if (!/^https?:$/.test(new URL(url).protocol)) throw new Error('no link');
  return url;
}
