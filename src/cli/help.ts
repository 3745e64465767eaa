/** The texts of `--help`. They name what is set most; docs/configuration.md, which is installed with the program, lists everything. */
import { version } from '../base/version.ts';

const commandHelp = {
  serve: `waybill [serve]

Serves the gateway: GraphQL at /graphql, the board at /, GraphiQL for browsers. It ends in order at SIGTERM.
It takes no arguments. Settings are environment variables; the most used:

  HOST, PORT             where it listens: 127.0.0.1 and 4000, unless set
  WAYBILL_BACKEND        emulator, unless set to aws
  WAYBILL_AUTH           none, which serves this machine only; tokens or jwt
  WAYBILL_DATA_DIR       the folder that it keeps data in: .waybill, unless set
  WAYBILL_METRICS_PORT   the port of /metrics for Prometheus

\`waybill check-config\` checks them without a start.
`,
  emulator: `waybill emulator

Serves an emulator of AWS Import/Export and AWS Data Exchange on one port of 127.0.0.1, for AWS's own clients.
It takes no arguments. Settings are environment variables:

  EMULATOR_PORT              the port: 4566, unless set
  WAYBILL_EMULATOR_STEP_MS   how long a job stays in each state: 3000, unless set
  WAYBILL_EMULATOR_VARIETY   a seed, by which it varies its responses
`,
  'check-config': `waybill check-config

Reads the settings and the files that they name as \`waybill serve\` does, and prints what it checked and every fault.
It starts nothing, connects to nothing and writes nothing. It takes no arguments.

It exits with 0 if there is no fault, and with 78 otherwise.
`,
  schema: `waybill schema [--federation]

Prints the GraphQL schema.

  --federation   as a subgraph of Apollo Federation 2
`,
  token: `waybill token add --name <name> --scopes <scope,…> [--expires <date or instant>]
waybill token list
waybill token remove --name <name>

Changes the file of tokens that WAYBILL_TOKENS_FILE names. \`add\` makes the file if there is none, and prints the token
this once. A running gateway reads the file again within seconds.

  --name      letters, digits, dots, dashes and underscores
  --scopes    what the holder may do, separated by commas; an unknown one is answered with the list
  --expires   such as 2027-01-01 or 2027-01-01T12:00:00Z
`,
} as const;

const overview = `Waybill: one GraphQL API over the transfer jobs of AWS Import/Export and AWS Data Exchange.

  waybill [serve]        serves the gateway, its board and GraphiQL
  waybill emulator       serves an emulator of both services, for AWS's own clients
  waybill check-config   checks the settings without a start
  waybill schema         prints the GraphQL schema
  waybill token          adds, lists and removes tokens of callers

  -h, --help             prints this, or after a command what it takes
  -v, --version          prints the version

Settings are environment variables. Without any the gateway serves its emulator, to this machine only.
docs/configuration.md, in the folder of the package, lists them.
`;

/** The commands, in the order of the overview. */
export type CommandName = keyof typeof commandHelp;

export const commandNames: readonly string[] = Object.keys(commandHelp);

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commandHelp, name);
}

/** What a command takes; without one, which commands there are. */
export function helpText(command?: CommandName): string {
  return command === undefined ? overview : commandHelp[command];
}

export function versionText(): string {
  return `${version}\n`;
}
