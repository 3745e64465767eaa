/** A service may answer that it does not have a job for some moments after it was created. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';
import { openSocket, stepsOf, until, watchJobs } from '../../support/live.ts';

test.each([
  ['dataExchange', 'DataExchangeJob', 'DataExchange.GetJob', { status: 404 }, { state: 'COMPLETED' }],
  [
    'importExport',
    'ImportExportJob',
    'ImportExport.GetStatus',
    { status: 400, awsCode: 'InvalidJobIdException' },
    { progressCode: 'Complete' },
  ],
] as const)(
  'a young watched job that is not found once brings no JobGone: %s',
  async (service, type, operation, fault, move) => {
    const gateway = await startGateway();
    const [awsJobId = ''] = (await gateway.emulator.seed({ [service]: 1 }))[service];
    const socket = await openSocket(gateway.url);
    socket.subscribe('s', watchJobs, { ids: [globalId(type, awsJobId)] });
    await until(() => socket.resultsOf('s').length === 1);
    await gateway.emulator.fail(operation, fault, 2);
    await sleep(1_500);
    await gateway.emulator.move(awsJobId, move);
    await until(() => socket.typesOf('s').at(-1) === 'complete');
    expect(stepsOf(socket.resultsOf('s'))).toEqual(['null -> WAITING', 'WAITING -> COMPLETED']);
  },
);

test.each([
  ['DATA_EXCHANGE', 'dataExchange', 'DataExchangeJob', 'DataExchange.GetJob', { status: 404 }],
  [
    'IMPORT_EXPORT',
    'importExport',
    'ImportExportJob',
    'ImportExport.GetStatus',
    { status: 400, awsCode: 'InvalidJobIdException' },
  ],
] as const)(
  'a job that this gateway has just created is read again: %s',
  async (service, seed, type, operation, fault) => {
    const gateway = await startGateway();
    const [awsJobId = ''] = (await gateway.emulator.seed({ [seed]: 1 }))[seed];
    // As the mutation that has created it does.
    gateway.watcher.noteMutation({ service, awsJobId });
    await gateway.emulator.fail(operation, fault, 2);
    const socket = await openSocket(gateway.url);
    socket.subscribe('s', watchJobs, { ids: [globalId(type, awsJobId)] });
    await until(() => socket.resultsOf('s').length > 0);
    expect(stepsOf(socket.resultsOf('s'))).toEqual(['null -> WAITING']);
  },
);
