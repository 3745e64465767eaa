/** Unexpected errors while the log fails as well. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { startServer } from '../../../src/app/server.ts';
import { configFrom } from '../../../src/config/config.ts';
import { ampleMemory } from '../../support/ample-memory.ts';
import { temporaryFolder } from '../../support/gateway.ts';
import { askOver, transports } from '../../support/transports.ts';

const failingLog = (): never => {
  throw new Error('planted in the log');
};

test.each(transports)(
  'Over %s an unexpected error is masked even if its log fails, and the next operation is answered',
  async (transport) => {
    const config = configFrom({ PORT: '0', WAYBILL_DATA_DIR: temporaryFolder() });
    const gateway = await startServer({ config, log: failingLog, gauge: ampleMemory });
    onTestFinished(gateway.close);
    const { from } = Buffer;
    const broken = vi.spyOn(Buffer, 'from').mockImplementation(((...args: Parameters<typeof from>) => {
      if (String(args[0]) === 'broken') throw new TypeError('planted');
      return from.apply(Buffer, args);
    }) as typeof from);
    onTestFinished(() => broken.mockRestore());
    for (const _ of [1, 2])
      expect(await askOver(transport, gateway, { query: '{ job(id: "broken") { id } }' })).toEqual({
        data: { job: null },
        errors: [
          {
            message: 'Unexpected error.',
            locations: [{ line: 1, column: 3 }],
            path: ['job'],
            extensions: { code: 'INTERNAL_SERVER_ERROR' },
          },
        ],
      });
    expect(await askOver(transport, gateway, { query: '{ __typename }' })).toEqual({ data: { __typename: 'Query' } });
  },
);
