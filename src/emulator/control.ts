/** The control API under `/_emulator/`: request counts, seeds, commands to jobs, faults. For tests and benchmarks; not signed. */
import { z } from 'zod';
import { type Answer, jsonAnswer } from './answer.ts';
import { InvalidControl, validated } from './control-form.ts';
import type { Catalog } from './data-exchange/catalog.ts';
import { type FaultScript, scriptedFaultForm } from './faults.ts';
import type { Incoming } from './incoming.ts';
import { type AllJobs, forgetJob, moveJob } from './job-commands.ts';
import type { RequestLog } from './request-log.ts';
import { type SeededAsset, seedDataExchange, seedDataSets, seedImportExport, seedRevisions } from './seeds.ts';

export interface ControlOptions {
  readonly now: () => number;
  /** The operations for which faults can be scripted. */
  readonly operations: readonly string[];
  readonly requests: RequestLog;
  readonly faults: FaultScript;
  readonly jobs: AllJobs;
  readonly catalog: Catalog;
}

const prefix = '/_emulator/';

export function isControl({ url }: Incoming): boolean {
  return url.pathname.startsWith(prefix);
}

export function controlAnswer(incoming: Incoming, options: ControlOptions): Answer {
  try {
    return answer(incoming, options) ?? jsonAnswer(404, { message: `There is no ${incoming.url.pathname}.` });
  } catch (error) {
    if (error instanceof InvalidControl) return jsonAnswer(400, { field: error.field, message: error.message });
    throw error;
  }
}

function answer(incoming: Incoming, options: ControlOptions): Answer | undefined {
  const [subject, id, ...rest] = incoming.url.pathname.slice(prefix.length).split('/');
  if (rest.length > 0) return undefined;
  switch (`${incoming.method} ${subject}${id === undefined ? '' : '/{id}'}`) {
    case 'GET requests':
      return jsonAnswer(200, options.requests.counts());
    case 'DELETE requests':
      options.requests.reset();
      return jsonAnswer(200, options.requests.counts());
    case 'POST seed':
      return seed(bodyOf(incoming), options);
    case 'POST jobs/{id}':
      return move(id ?? '', bodyOf(incoming), options);
    case 'DELETE jobs/{id}':
      return forgetJob(options.jobs, id ?? '') ? jsonAnswer(200, {}) : undefined;
    case 'DELETE data-sets/{id}':
      return options.catalog.removeDataSet(id ?? '') ? jsonAnswer(200, {}) : undefined;
    case 'POST faults':
      options.faults.add(validated(scriptedFaultForm(options.operations), bodyOf(incoming)));
      return jsonAnswer(200, options.faults.pending());
    case 'GET faults':
      return jsonAnswer(200, options.faults.pending());
    case 'DELETE faults':
      options.faults.clear();
      return jsonAnswer(200, options.faults.pending());
    default:
      return undefined;
  }
}

const seedAmount = z.int().min(0).max(100_000);
const seedForm = z.strictObject({
  dataExchange: seedAmount.default(0),
  importExport: seedAmount.default(0),
  dataSets: seedAmount.optional(),
  entitledDataSets: seedAmount.optional(),
  revisions: seedAmount.optional(),
});

/** The Data Exchange jobs are about the data sets of the same seed, in turn, if it has any. */
function seed(body: unknown, { jobs, catalog, now }: ControlOptions): Answer {
  const { dataExchange, importExport, dataSets, entitledDataSets, revisions } = validated(seedForm, body);
  const entitled = seedDataSets(catalog, entitledDataSets ?? 0, 'ENTITLED', now());
  const owned = seedDataSets(catalog, dataSets ?? 0, 'OWNED', now());
  const idsOf = (seeded: readonly SeededAsset[]) => seeded.map(({ dataSetId }) => dataSetId);
  return jsonAnswer(200, {
    dataExchange: seedDataExchange(jobs.dataExchange, dataExchange, [...owned, ...entitled], now()),
    importExport: seedImportExport(jobs.importExport, importExport, now()),
    ...(dataSets !== undefined && { dataSets: idsOf(owned) }),
    ...(entitledDataSets !== undefined && { entitledDataSets: idsOf(entitled) }),
    ...(revisions !== undefined && { revisions: seedRevisions(catalog, revisions, now()) }),
  });
}

function move(id: string, body: unknown, { jobs, now }: ControlOptions): Answer | undefined {
  jobs.dataExchange.settle(now());
  const moved = moveJob(jobs, id, body, now());
  return moved && jsonAnswer(200, moved);
}

function bodyOf({ body }: Incoming): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    throw new InvalidControl('', 'The body is not JSON.');
  }
}
