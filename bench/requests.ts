/**
 * The suite of single requests: a baseline beside a minimal peer, cold starts, a filtered board, names on a page, and a
 * caller beside one who sends too much.
 */
import { guardedGateway } from './harness/guarded-gateway.ts';
import { type StartServer, startBareYoga, startGateway } from './harness/servers.ts';
import type { Workload } from './harness/workload.ts';
import { baseline } from './workloads/baseline.ts';
import { board } from './workloads/board.ts';
import { coldStart } from './workloads/cold-start.ts';
import { type Names, names } from './workloads/names.ts';
import { neighbour, neighbourNames } from './workloads/neighbour.ts';

const polling = { intervalMs: 5_000, callsPerSecond: 5 };

export function requestsSuite(isQuick: boolean): readonly Workload[] {
  return [
    baselineWorkload('waybill', startGateway, isQuick),
    baselineWorkload('bare-yoga', startBareYoga, isQuick),
    coldStartWorkload(isQuick),
    boardWorkload(isQuick),
    namesWorkload({ jobs: 50, dataSets: 5, maxCalls: 5 }, isQuick),
    namesWorkload({ jobs: 200, dataSets: 100, maxCalls: 3 }, isQuick),
    neighbourWorkload(isQuick),
  ];
}

function baselineWorkload(subject: string, start: StartServer, isQuick: boolean): Workload {
  const size = isQuick ? { steadyMs: 4_000, flatOutMs: 3_000 } : { steadyMs: 30_000, flatOutMs: 20_000 };
  const settings = { ...size, perSecond: 500, connections: 20, jobs: 100 };
  return {
    name: 'one field, one call',
    subject,
    settings,
    testbed: { start, polling, clientProcesses: 0 },
    run: (testbed) => baseline(testbed, settings),
  };
}

function coldStartWorkload(isQuick: boolean): Workload {
  const settings = { starts: isQuick ? 3 : 10 };
  return {
    name: 'cold start',
    subject: 'waybill',
    settings,
    testbed: { start: startGateway, polling, clientProcesses: 0 },
    run: (testbed) => coldStart(testbed, settings),
  };
}

function boardWorkload(isQuick: boolean): Workload {
  const settings = { dataExchange: 172, importExport: 103, requests: isQuick ? 10 : 50 };
  return {
    name: 'only the running of 275 jobs',
    subject: 'waybill',
    settings,
    testbed: { start: startGateway, polling, clientProcesses: 0 },
    run: (testbed) => board(testbed, settings),
  };
}

function namesWorkload(size: Omit<Names, 'requests'>, isQuick: boolean): Workload {
  const settings = { ...size, requests: isQuick ? 10 : 50 };
  return {
    name: `names of ${size.dataSets} data sets on a page of ${size.jobs} jobs`,
    subject: 'waybill',
    settings,
    testbed: { start: startGateway, polling, clientProcesses: 0 },
    run: (testbed) => names(testbed, settings),
  };
}

function neighbourWorkload(isQuick: boolean): Workload {
  const costPerMinute = 600;
  const fairRate = costPerMinute / 60;
  const settings = { perSecond: 0.9 * fairRate, floodPerSecond: 100 * fairRate, phaseMs: isQuick ? 5_000 : 30_000 };
  const { start, tokenOf } = guardedGateway(neighbourNames, { WAYBILL_MAX_COST_PER_MINUTE: String(costPerMinute) });
  return {
    name: 'beside a caller at a hundred times the rate',
    subject: 'waybill',
    settings: { ...settings, costPerMinute },
    testbed: { start, polling, clientProcesses: 0 },
    run: (testbed) => neighbour(testbed, settings, tokenOf),
  };
}
