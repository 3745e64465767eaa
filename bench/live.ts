/** The suite of live subscriptions: its workloads, their sizes and their subjects. */

import { crowdedGateway } from './harness/guarded-gateway.ts';
import { redisGateways } from './harness/redis-gateways.ts';
import { type Polling, type StartServer, startGateway, startPollingYoga } from './harness/servers.ts';
import type { Workload } from './harness/workload.ts';
import { churn } from './workloads/churn.ts';
import { idle } from './workloads/idle.ts';
import { manyCallers } from './workloads/many-callers.ts';
import { type ManySubscriptions, manySubscriptions } from './workloads/many-subscriptions.ts';
import { oneJob } from './workloads/one-job.ts';
import { slowReaders } from './workloads/slow-readers.ts';
import { twoGateways } from './workloads/two-gateways.ts';

interface Size {
  /** The number of subscriptions of the large workloads. */
  readonly subscriptions: number;
  readonly intervalMs: number;
  readonly quietIntervals: number;
  readonly changes: number;
  readonly churnSockets: number;
  readonly churnRounds: number;
}

const full: Size = {
  subscriptions: 10_000,
  intervalMs: 5_000,
  quietIntervals: 10,
  changes: 10,
  churnSockets: 500,
  churnRounds: 20,
};

const quick: Size = {
  subscriptions: 1_000,
  intervalMs: 500,
  quietIntervals: 8,
  changes: 3,
  churnSockets: 100,
  churnRounds: 2,
};

/** Each connection takes a file descriptor, which are limited per process. */
const clientProcesses = 2;
const callsPerSecond = 200;
const limitMs = 60_000;

export function liveSuite(isQuick: boolean): readonly Workload[] {
  const size = isQuick ? quick : full;
  const waybill = { subject: 'waybill', start: startGateway };
  const peer = { subject: 'polling-yoga', start: startPollingYoga };
  const spread = { sockets: size.subscriptions / 10, perSocket: 10 };
  const apart = { sockets: size.subscriptions, perSocket: 1 };
  const jobs = size.subscriptions / 10;
  const bothServices = { dataExchange: 0.9 * jobs, importExport: 0.1 * jobs };
  const oneService = { dataExchange: jobs, importExport: 0 };
  const everyKind = [
    idleWorkload(waybill, size),
    manyWorkload(waybill, size, { ...bothServices, ...spread }),
    oneJobWorkload(waybill, size, spread),
    churnWorkload(waybill, size),
    manyCallersWorkload(size),
    twoGatewaysWorkload(size, bothServices),
    manyWorkload(peer, size, { ...oneService, ...spread }),
  ];
  const slowOrAlike = [
    manyWorkload(waybill, size, { ...bothServices, ...apart }),
    manyWorkload(waybill, size, { ...oneService, ...spread }),
    slowWorkload(waybill),
    idleWorkload(peer, size),
  ];
  return [...everyKind, ...(isQuick ? [] : slowOrAlike)];
}

interface Subject {
  readonly subject: string;
  readonly start: StartServer;
}

/** The budget is large, since the rate of reads is not what is measured. */
function worldOf({ start }: Subject, intervalMs: number) {
  const polling: Polling = { intervalMs, callsPerSecond };
  return { start, polling, clientProcesses };
}

function idleWorkload(subject: Subject, { intervalMs }: Size): Workload {
  return { name: 'idle', subject: subject.subject, settings: {}, testbed: worldOf(subject, intervalMs), run: idle };
}

type Spread = Pick<ManySubscriptions, 'dataExchange' | 'importExport' | 'sockets' | 'perSocket'>;

function manyWorkload(subject: Subject, { intervalMs, quietIntervals }: Size, spread: Spread): Workload {
  const settings = { ...spread, quietIntervals, limitMs };
  const { sockets, perSocket, dataExchange, importExport } = spread;
  return {
    name: `${sockets * perSocket} subscriptions, ${sockets} sockets, ${dataExchange} + ${importExport} jobs`,
    subject: subject.subject,
    settings,
    testbed: worldOf(subject, intervalMs),
    run: (testbed) => manySubscriptions(testbed, settings),
  };
}

function oneJobWorkload(subject: Subject, { changes }: Size, spread: Pick<Spread, 'sockets' | 'perSocket'>): Workload {
  const settings = { ...spread, changes, limitMs };
  return {
    name: `one job, ${spread.sockets * spread.perSocket} subscribers`,
    subject: subject.subject,
    settings,
    testbed: worldOf(subject, 1_000),
    run: (testbed) => oneJob(testbed, settings),
  };
}

function slowWorkload(subject: Subject): Workload {
  const settings = { slow: 200, healthy: 800, changeEveryMs: 1_000, beforeMs: 20_000, limitMs };
  return {
    name: `${settings.slow} readers that stop beside ${settings.healthy}`,
    subject: subject.subject,
    settings,
    testbed: worldOf(subject, 100),
    run: (testbed) => slowReaders(testbed, settings),
  };
}

function manyCallersWorkload({ subscriptions, changes }: Size): Workload {
  const settings = { sockets: subscriptions / 10, perSocket: 10, changes: 2 * changes, limitMs };
  const { start, ...crowd } = crowdedGateway(settings.sockets, {
    WAYBILL_MAX_SOCKETS_PER_CALLER: String(settings.sockets),
    WAYBILL_MAX_COST_PER_MINUTE: '1000000',
  });
  return {
    name: `one job, ${subscriptions} subscribers of ${settings.sockets} callers`,
    subject: 'waybill',
    settings,
    testbed: worldOf({ subject: 'waybill', start }, 1_000),
    run: (testbed) => manyCallers(testbed, settings, crowd),
  };
}

function twoGatewaysWorkload({ subscriptions, quietIntervals }: Size, jobs: TwoGatewaysJobs): Workload {
  const intervalMs = 2_000;
  const settings = { ...jobs, sockets: subscriptions / 100, countMs: 3 * quietIntervals * intervalMs, limitMs };
  const start = redisGateways();
  return {
    name: `${jobs.dataExchange} + ${jobs.importExport} jobs at two gateways over one Redis`,
    subject: 'waybill',
    settings,
    testbed: worldOf({ subject: 'waybill', start }, intervalMs),
    run: (testbed) => twoGateways(testbed, settings, start),
  };
}

type TwoGatewaysJobs = Pick<Spread, 'dataExchange' | 'importExport'>;

function churnWorkload(subject: Subject, { churnSockets, churnRounds }: Size): Workload {
  const settings = { dataExchange: 90, importExport: 10, sockets: churnSockets, perSocket: 10, rounds: churnRounds };
  return {
    name: 'comings and goings',
    subject: subject.subject,
    settings,
    testbed: worldOf(subject, 1_000),
    run: (testbed) => churn(testbed, settings),
  };
}
