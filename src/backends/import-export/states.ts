/** Reads the states of Import/Export jobs for the watcher, a few at once: GetStatus has no batch form. */
import pLimit from 'p-limit';
import { type ImportExportStatus, importExportJobFrom } from '../../model/import-export-job.ts';
import type { CallBudget } from '../../watch/budget.ts';
import type { Observation, Reading, StateSource } from '../../watch/state-source.ts';
import type { ImportExportBackend } from '../backend.ts';
import { budgeted, failedReading } from '../budgeted.ts';
import { importExportPageSize } from '../list-reach.ts';

/** Few, since a new subscriber waits for the batch in flight. */
const batchSize = 4;

export function importExportStates(backend: ImportExportBackend, budget: CallBudget): StateSource {
  const limit = pLimit(batchSize);
  const read = async (awsJobId: string, signal: AbortSignal): Promise<Reading> => {
    try {
      const options = { signal, purpose: 'poll' } as const;
      const status = await budgeted(budget, signal, () => backend.getStatus(awsJobId, options));
      return { outcome: 'observed', ...observationFrom(status) };
    } catch (error) {
      return failedReading(error);
    }
  };
  return {
    service: 'IMPORT_EXPORT',
    batchSize,
    readsPages: false,
    read: async (due, _watched, signal) => {
      const readings = await limit.map(due, async (awsJobId) => [awsJobId, await read(awsJobId, signal)] as const);
      return { byJob: new Map(readings) };
    },
    confirm: read,
    list: async (_isKnown, signal) => {
      const request = { limit: importExportPageSize };
      const { jobs, unreadable, nextMarker } = await budgeted(budget, signal, () =>
        backend.listJobs(request, { signal, purpose: 'poll' }),
      );
      return {
        observed: jobs.flatMap((job) => (job.state === undefined ? [] : [{ job, state: job.state }])),
        unread: jobs.filter((job) => job.state === undefined),
        isWhole: nextMarker === null && unreadable === undefined,
      };
    },
  };
}

function observationFrom(status: ImportExportStatus): Observation {
  return { job: importExportJobFrom(status), state: status.state };
}
