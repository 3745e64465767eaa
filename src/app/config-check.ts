/** Checks the settings and the files that they name, as a start does, but starts, connects to and writes nothing. */
import { readFile } from 'node:fs/promises';
import { scrubbed } from '../base/scrub.ts';
import { type Config, configFrom, withoutEmpty } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { type RawEnvironment, variables } from '../config/variables.ts';
import { readTokenFile } from '../identity/token-authenticator.ts';
import { TokenFileError, tokenEntriesFrom } from '../identity/token-file.ts';
import { trustedDocumentsFrom } from '../limits/trusted-documents-file.ts';
import { folderFault } from '../store/folder-access.ts';
import { tracingFault } from './tracing-packages.ts';

/** One thing that was checked. */
export interface Check {
  readonly subject: string;
  /** What was found, if there is no fault. */
  readonly finding: string;
  /** As `ConfigError` has them: each names its variable, what was expected and what arrived. */
  readonly faults: readonly string[];
}

export interface ConfigCheck {
  readonly checks: readonly Check[];
  /** Undefined if the variables have a fault. */
  readonly config: Config | undefined;
}

/** Settings of the AWS SDK for JavaScript, which does not read `AWS_DEFAULT_REGION`. */
const readByTheSdk = ['AWS_REGION', 'AWS_PROFILE'];

/** Makes every check, whatever the others find, so that one run names all faults. */
export async function checkSettings(env: RawEnvironment): Promise<ConfigCheck> {
  const raw = withoutEmpty(env);
  const { config, faults } = read(raw);
  const set = Object.keys(raw).filter((name) => name in variables || readByTheSdk.includes(name));
  const finding = set.length === 0 ? 'none is set, so all have their defaults' : `set: ${set.toSorted().join(', ')}`;
  const files = await Promise.all([tokenFile(raw), trustedDocuments(raw), dataFolder(raw), traces(raw)]);
  return { config, checks: [{ subject: 'settings', finding, faults }, ...files.filter((each) => each !== undefined)] };
}

function read(raw: RawEnvironment): { readonly config: Config | undefined; readonly faults: readonly string[] } {
  try {
    return { config: configFrom(raw), faults: [] };
  } catch (error) {
    if (error instanceof ConfigError) return { config: undefined, faults: error.faults };
    throw error;
  }
}

async function tokenFile(raw: RawEnvironment): Promise<Check | undefined> {
  const { WAYBILL_AUTH: auth, WAYBILL_TOKENS_FILE: path } = raw;
  if (auth !== 'tokens' || path === undefined) return undefined;
  return checked('token file', 'WAYBILL_TOKENS_FILE', async () => {
    const { text, isOpenToWriting } = readTokenFile(path);
    const warning = isOpenToWriting
      ? '; users other than its owner may write to it and grant themselves any scope'
      : '';
    return `${path} has ${numberOf(tokenEntriesFrom(text, path).length, 'token')}${warning}`;
  });
}

async function trustedDocuments({ WAYBILL_TRUSTED_DOCUMENTS: path }: RawEnvironment): Promise<Check | undefined> {
  if (path === undefined) return undefined;
  return checked('documents', 'WAYBILL_TRUSTED_DOCUMENTS', async () => {
    trustedDocumentsFrom(await readFile(path, 'utf8'));
    return `${path} can be read, and no others run`;
  });
}

async function dataFolder(raw: RawEnvironment): Promise<Check | undefined> {
  if (raw['WAYBILL_REDIS_URL'] !== undefined) return undefined;
  const folder = variables.WAYBILL_DATA_DIR.parse(raw['WAYBILL_DATA_DIR']);
  return checked('data folder', 'WAYBILL_DATA_DIR', async () => {
    const fault = await folderFault(folder);
    if (fault === undefined) return `${folder} can be written to`;
    throw new Error(`expected a folder that can be written to, received ${JSON.stringify(folder)} (${fault})`);
  });
}

function traces({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: RawEnvironment): Check | undefined {
  if (endpoint === undefined) return undefined;
  const fault = tracingFault(endpoint);
  const faults = fault === undefined ? [] : [scrubbed(fault)];
  return { subject: 'traces', finding: 'the packages of OpenTelemetry are installed', faults };
}

/** `find` resolves to what it found, or rejects with what is wrong. */
async function checked(subject: string, setting: string, find: () => Promise<string>): Promise<Check> {
  try {
    return { subject, finding: await find(), faults: [] };
  } catch (error) {
    return { subject, finding: '', faults: reasons(error).map((reason) => `${setting}: ${scrubbed(reason)}`) };
  }
}

function reasons(error: unknown): readonly string[] {
  if (error instanceof TokenFileError) return error.message.split('\n');
  return [error instanceof Error ? error.message : 'unexpected'];
}

function numberOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
