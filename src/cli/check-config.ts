/** `waybill check-config`: checks the settings without a start. */
import { type ConfigCheck, checkSettings } from '../app/config-check.ts';
import { scrubbed } from '../base/scrub.ts';
import { ConfigError } from '../config/config-error.ts';
import { backendDescription, callersDescription } from './descriptions.ts';
import { print } from './output.ts';
import { expectNoArguments } from './usage-error.ts';

/** Prints what was checked. Rejects with `ConfigError`, which has every fault. */
export async function checkConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  expectNoArguments('check-config', argv);
  const result = await checkSettings(env);
  for (const line of report(result)) print(scrubbed(line));
  const faults = result.checks.flatMap((check) => check.faults);
  if (faults.length > 0) throw new ConfigError(faults);
}

function report({ checks, config }: ConfigCheck): readonly string[] {
  const lines = checks.map(({ subject, finding, faults }) =>
    row(subject, faults.length === 0 ? finding : countOf(faults)),
  );
  const meaning = config && [
    row('listens on', `${config.host}, port ${config.port === 0 ? 'any that is free' : config.port}`),
    row('backend', backendDescription(config)),
    row('callers', callersDescription(config)),
    row('pages', pages(config)),
  ];
  return ['Checked:', ...lines, ...(meaning ? ['So the gateway:', ...meaning] : []), `Not checked: ${unchecked}.`];
}

const unchecked =
  "whether the ports are free, whether AWS's default chain has a region and a key, and whether AWS, Redis, the key set and the collector of traces answer";

function pages({ board, graphiql }: NonNullable<ConfigCheck['config']>): string {
  return `the board is ${board ? 'on' : 'off'}, GraphiQL is ${graphiql ? 'on' : 'off'}`;
}

function countOf({ length }: readonly string[]): string {
  return length === 1 ? 'a fault' : `${length} faults`;
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(13)}${text}`;
}
