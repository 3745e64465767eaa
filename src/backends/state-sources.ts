/** Creates the sources from which the watcher reads states, each within a budget of calls a second. */

import type { JobService } from '../model/job-state.ts';
import type { CallBudget } from '../watch/budget.ts';
import type { StateSource } from '../watch/state-source.ts';
import type { Backends } from './backend.ts';
import { dataExchangeStates } from './data-exchange/states.ts';
import { importExportStates } from './import-export/states.ts';

export function createStateSources(
  backends: Backends,
  budgets: Readonly<Record<JobService, CallBudget>>,
): Readonly<Record<JobService, StateSource>> {
  return {
    DATA_EXCHANGE: dataExchangeStates(backends.dataExchange, budgets.DATA_EXCHANGE),
    IMPORT_EXPORT: importExportStates(backends.importExport, budgets.IMPORT_EXPORT),
  };
}
