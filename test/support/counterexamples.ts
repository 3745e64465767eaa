/** Prints the counterexample of a property when it is found: a long run shows its failures only at its end, hours later. */
import fc from 'fast-check';

fc.configureGlobal({
  ...fc.readConfigureGlobal(),
  reporter: (details) => {
    if (!details.failed) return;
    const message = fc.defaultReportMessage(details);
    process.stderr.write(`${message}\n`);
    throw new Error(message, { cause: details.errorInstance });
  },
});
