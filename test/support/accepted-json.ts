/**
 * What the helpers accept where they expect JSON. With `WAYBILL_TEST_BY_YOGA` set they accept a stream as well, which no
 * answer to them is: the gateway then leaves the request to Yoga, and the same tests check that it answers alike.
 */
export const acceptedJson =
  process.env['WAYBILL_TEST_BY_YOGA'] === undefined ? 'application/json' : 'application/json, text/event-stream';
