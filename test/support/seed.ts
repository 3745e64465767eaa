/**
 * The seed of the properties. It is fixed, so that what fails is of the change that is tested. The long tests explore with
 * new seeds, and so does every run with `WAYBILL_TEST_SEED=random`; a number there repeats one.
 */
import fc from 'fast-check';

const { WAYBILL_TEST_SEED: seed = '20261130' } = process.env;
if (seed !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
