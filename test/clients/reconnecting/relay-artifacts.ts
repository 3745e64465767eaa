/** The subscriptions as Relay's compiler writes them. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConcreteRequest } from 'relay-runtime';
import { type Field, subscriptions } from './events.ts';

const here = import.meta.dirname;

let compiled: Readonly<Record<Field, ConcreteRequest>> | undefined;

export function compiledSubscriptions(): Readonly<Record<Field, ConcreteRequest>> {
  compiled ??= compile();
  return compiled;
}

/** The compiler expects the names of operations to begin with that of their module. */
const names = { jobStateChanged: 'JobStateChanged', jobActivity: 'JobActivity' } as const;

function compile(): Readonly<Record<Field, ConcreteRequest>> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-relay-'));
  try {
    cpSync(join(here, '../../../schema.graphql'), join(folder, 'schema.graphql'));
    mkdirSync(join(folder, 'artifacts'));
    const common = { src: '.', schema: 'schema.graphql', artifactDirectory: 'artifacts' };
    const config = { ...common, language: 'javascript', eagerEsModules: false };
    writeFileSync(join(folder, 'relay.config.json'), JSON.stringify(config));
    writeFileSync(join(folder, 'package.json'), '{}');
    for (const [field, name] of Object.entries(names) as [Field, string][]) {
      const text = subscriptions[field].replace(name, `${name}Subscription`);
      writeFileSync(join(folder, `${name}.js`), `graphql\`${text}\`;\n`);
    }
    execFileSync(process.execPath, [join(here, '../node_modules/relay-compiler/cli.js'), 'relay.config.json'], {
      cwd: folder,
      stdio: 'pipe',
    });
    const artifact = (field: Field): ConcreteRequest => artifactIn(folder, names[field]);
    return { jobStateChanged: artifact('jobStateChanged'), jobActivity: artifact('jobActivity') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function artifactIn(folder: string, name: string): ConcreteRequest {
  const text = readFileSync(join(folder, 'artifacts', `${name}Subscription.graphql.js`), 'utf8');
  const module: { exports?: ConcreteRequest } = {};
  new Function('module', text)(module);
  if (module.exports === undefined) throw new Error(`expected a request of ${name}, received ${text}`);
  return module.exports;
}
