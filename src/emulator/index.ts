/** Emulates AWS Import/Export and AWS Data Exchange as a function from Request to Response, without sockets or timers. */
import type { Clock } from '../base/clock.ts';
import { type Answer, responseFrom } from './answer.ts';
import { type ControlOptions, controlAnswer, isControl } from './control.ts';
import { assetOf, Catalog, revisionOf } from './data-exchange/catalog.ts';
import { performWork } from './data-exchange/job-work.ts';
import { Jobs as DataExchangeJobs } from './data-exchange/jobs.ts';
import { PageTokens } from './data-exchange/page-tokens.ts';
import { createDataExchange } from './data-exchange/service.ts';
import { givesTags } from './data-exchange/tags.ts';
import { addDemoDataSets } from './demo-catalog.ts';
import { addDataExchangeDemoJobs, addImportExportDemoJobs } from './demo-jobs.ts';
import { answerFaultily, FaultScript } from './faults.ts';
import { Jobs as ImportExportJobs } from './import-export/jobs.ts';
import { createImportExport } from './import-export/service.ts';
import { type Incoming, incomingFrom } from './incoming.ts';
import { RequestLog } from './request-log.ts';
import type { Service } from './service.ts';
import { createSignedUrlService, isOfStorage } from './signed-urls/service.ts';
import { SignedUrlStore } from './signed-urls/signed-url-store.ts';
import { Choices } from './variety/choices.ts';
import { Connections } from './variety/connections.ts';
import { DataExchangeVariety } from './variety/data-exchange.ts';
import { ImportExportVariety } from './variety/import-export.ts';

export interface EmulatorOptions {
  /** The time of the jobs. */
  readonly clock: Clock;
  /** For `Date` headers and signatures, in milliseconds since the epoch; clients must not see the time of a fake clock. */
  readonly wallClock: () => number;
  /** How long a job stays in each state. */
  readonly stepMs: number;
  /** The base of signed URLs, such as `http://127.0.0.1:4566`. */
  readonly origin: () => string;
  /** 60,000 by default: the minute of the User Guide. */
  readonly signedUrlLifetimeMs?: number;
  /**
   * The seed of variety: both services then vary the form and the timing of their responses, within their documents.
   * Absent: no variety.
   */
  readonly variety?: string | undefined;
}

export interface Emulator {
  /** Serves both services, the signed URLs, and the control API. */
  readonly handle: (request: Request) => Promise<Response>;
  /** Adds the demo jobs, for `npm start`. */
  readonly addDemoJobs: () => void;
  /** The connections that end early; undefined without variety. */
  readonly connections: Connections | undefined;
}

export function createEmulator(options: EmulatorOptions): Emulator {
  const { clock } = options;
  const parts = createParts(options);
  return {
    connections: options.variety === undefined ? undefined : new Connections(new Choices(options.variety)),
    handle: async (request) => {
      const incoming = await incomingFrom(request);
      return isControl(incoming)
        ? responseFrom(controlAnswer(incoming, parts.control))
        : serviceResponse(request, incoming, parts, options);
    },
    addDemoJobs: () => {
      addDataExchangeDemoJobs(parts.control.jobs.dataExchange, clock.now());
      addImportExportDemoJobs(parts.control.jobs.importExport, clock.now());
    },
  };
}

interface Parts {
  readonly control: ControlOptions;
  readonly serviceFor: (incoming: Incoming) => Service;
}

function createParts(options: EmulatorOptions): Parts {
  const { clock, wallClock, stepMs, origin, signedUrlLifetimeMs = 60_000, variety } = options;
  const now = () => clock.now();
  const catalog = new Catalog();
  addDemoDataSets(catalog, now());
  const signedUrls = new SignedUrlStore({ origin, lifetimeMs: signedUrlLifetimeMs });
  const jobs = {
    dataExchange: new DataExchangeJobs({ stepMs, work: (job, at) => performWork(job, at, { catalog, signedUrls }) }),
    importExport: new ImportExportJobs(),
  };
  const varieties = variety === undefined ? undefined : varietiesOf(variety, catalog, now);
  const dataExchange = createDataExchange({
    ...{ jobs: jobs.dataExchange, catalog, signedUrls, tokens: new PageTokens(), now, wallClock },
    isRepeated: (lastId) => varieties?.dataExchange.isRepeated(lastId) ?? false,
  });
  const importExport = createImportExport({
    ...{ jobs: jobs.importExport, now, wallClock, stepMs },
    isListed: (jobId) => varieties?.importExport.isListed(jobId) ?? true,
  });
  const storage = createSignedUrlService(signedUrls, now);
  const operations = [dataExchange, importExport, storage].flatMap((service) => service.operations);
  const served = {
    dataExchange: varieties?.dataExchange.wrap(dataExchange) ?? dataExchange,
    importExport: varieties?.importExport.wrap(importExport) ?? importExport,
  };
  return {
    control: { now, operations, requests: new RequestLog(), faults: new FaultScript(), jobs, catalog },
    serviceFor: (incoming) => {
      if (incoming.method === 'POST' && incoming.url.pathname === '/') return served.importExport;
      return isOfStorage(incoming) ? storage : served.dataExchange;
    },
  };
}

function varietiesOf(seed: string, catalog: Catalog, now: () => number) {
  const choices = new Choices(seed);
  const assetName = (dataSetId: string, revisionId: string, assetId: string) =>
    assetOf(revisionOf(catalog.dataSet(dataSetId), revisionId), assetId).name;
  return {
    dataExchange: new DataExchangeVariety({ choices, now, assetName }),
    importExport: new ImportExportVariety(choices, now),
  };
}

/** Counts the request, then responds as the service or as a scripted fault says. */
async function serviceResponse(
  request: Request,
  incoming: Incoming,
  { control, serviceFor }: Parts,
  { clock, wallClock }: EmulatorOptions,
): Promise<Response> {
  const service = serviceFor(incoming);
  const dated = (answer: Answer) => withDate(answer, wallClock());
  const commit = () => dated(service.answer(incoming));
  const operation = service.operationOf(incoming);
  if (operation === undefined) return responseFrom(commit());
  control.requests.count(operation);
  const fault = control.faults.take(operation, () => givesTags(incoming.body));
  if (fault === undefined) return responseFrom(commit());
  const errorAnswer = (status: number, awsCode?: string) => dated(service.errorAnswer(status, awsCode));
  return answerFaultily({ fault, request, clock, commit, errorAnswer });
}

function withDate(answer: Answer, now: number): Answer {
  return { ...answer, headers: { date: new Date(now).toUTCString(), ...answer.headers } };
}
