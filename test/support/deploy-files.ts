/** The files that containers are made and run by, read as Docker, Compose and Kubernetes read them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

const root = join(import.meta.dirname, '..', '..');
const kubernetesFolder = join('deploy', 'kubernetes');

export type Environment = Readonly<Record<string, string>>;

export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The instructions of the Dockerfile: continued lines joined, comments left out. */
export function dockerInstructions(): readonly string[] {
  const lines = textOf('Dockerfile').replace(/^#.*\n/gm, '');
  return lines
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '');
}

/** What the last stage of the Dockerfile sets. */
export function imageEnvironment(): Environment {
  const line = dockerInstructions().find((each) => each.startsWith('ENV ')) ?? '';
  return Object.fromEntries(line.slice('ENV '.length).split(' ').map(pairOf));
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** A variable without a default is empty. */
const value = z
  .string()
  .nullable()
  .transform((text) => text ?? '');

const service = z.looseObject({
  environment: z.record(z.string(), value).optional(),
  command: z.array(z.string()).optional(),
  mem_limit: z.string().optional(),
  stop_grace_period: z.string().optional(),
});

const compose = z.looseObject({ services: z.record(z.string(), service) });

export interface ComposeService extends z.infer<typeof service> {
  readonly environment: Environment;
}

/** A service of `compose.yaml` with what `override` changes, variables replaced by their defaults. */
export function composeService(name: string, override?: string): ComposeService {
  const base = composeFile('compose.yaml').services[name];
  const over = override === undefined ? undefined : composeFile(override).services[name];
  return { ...base, ...over, environment: { ...base?.environment, ...over?.environment } };
}

function composeFile(path: string): z.infer<typeof compose> {
  return compose.parse(parse(textOf(path).replace(/\$\{\w+:-([^}]*)\}/g, '$1')));
}

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }).optional(),
});

export interface KubernetesObject extends z.infer<typeof object> {
  readonly file: string;
}

/** Every object of `deploy/kubernetes`, that of kustomize included. */
export function kubernetesObjects(): readonly KubernetesObject[] {
  const files = readdirSync(join(root, kubernetesFolder)).toSorted();
  return files.flatMap((file) =>
    parseAllDocuments(textOf(join(kubernetesFolder, file))).map((document) => ({
      ...object.parse(document.toJS()),
      file,
    })),
  );
}

/** The object, in the shape of `schema`. */
export function kubernetesObject<T>(kind: string, name: string, schema: z.ZodType<T>): T {
  return schema.parse(kubernetesObjects().find((each) => each.kind === kind && each.metadata?.name === name));
}
