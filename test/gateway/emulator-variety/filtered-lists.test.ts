import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { dataExchangeDetails, globalId } from '../../support/examples.ts';
import { createDataExchange, listedIds, settledMs } from './requests.ts';
import { seeded, startVaried } from './variety-gateway.ts';

seeded('a filtered list has each job of its states once, while others appear', async (seed) => {
  const gateway = await startVaried(seed);
  const { dataExchange, importExport } = await gateway.emulator.seed({ dataExchange: 40, importExport: 40 });
  await sleep(settledMs);
  const running: string[] = [];
  for (const [index, awsJobId] of dataExchange.entries()) {
    if (index % 5 !== 0) continue;
    await gateway.emulator.move(awsJobId, { state: 'IN_PROGRESS' });
    running.push(globalId('DataExchangeJob', awsJobId));
  }
  for (const [index, awsJobId] of importExport.entries()) {
    await gateway.emulator.move(awsJobId, { progressCode: index % 4 === 0 ? 'InProgress' : 'Complete' });
    if (index % 4 === 0) running.push(globalId('ImportExportJob', awsJobId));
  }
  const details = dataExchangeDetails.IMPORT_ASSETS_FROM_S3;
  const create = () => createDataExchange(gateway, { details });
  for (let time = 0; time < 2; time += 1) {
    const listed = await listedIds(gateway, 3, create, { states: ['IN_PROGRESS'] });
    expect(listed.toSorted()).toEqual(running.toSorted());
  }
  const typed = await listedIds(gateway, 7, create, { types: ['EXPORT_ASSETS_TO_S3'] });
  expect(typed.toSorted()).toEqual(dataExchange.map((id) => globalId('DataExchangeJob', id)).toSorted());
  expect(gateway.complaints).toEqual([]);
});
