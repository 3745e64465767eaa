/** Runs Relay's compiler. It takes documents out of code, and wants a name that begins with the file's and ends with the kind. */
import { type DocumentNode, Kind, parse, print, visit } from 'graphql';
import { readyOperations } from '../../support/ready-operations.ts';
import type { ToolResult, Workspace } from './workspace.ts';

export interface RelayProject {
  readonly language: 'javascript' | 'typescript';
  /** Absent for documents that are sent as text. */
  readonly persistConfig?: object;
}

/** The name of a ready operation in Relay. */
export function relayName({ name, kind }: (typeof readyOperations)[number]): string {
  return `${name}${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
}

/** Puts each ready operation into a module of its own. */
export function writeReadyModules({ write }: Workspace, { language }: RelayProject): void {
  const extension = language === 'typescript' ? 'ts' : 'js';
  for (const operation of readyOperations) {
    const document = renamed(parse(operation.text), relayName(operation));
    write(`src/${operation.name}.${extension}`, moduleOf(document));
  }
}

/** A module with one document. */
export function moduleOf(document: string): string {
  return ["import { graphql } from 'relay-runtime';", 'export const document = graphql`', document, '`;\n'].join('\n');
}

/** Compiles the modules of `src/` into `src/artifacts/`. */
export function compileRelay({ write, run }: Workspace, project: RelayProject): Promise<ToolResult> {
  write('src/artifacts/.keep', '');
  write('persisted.json', '{}');
  const folders = { src: './src', schema: './schema.graphql', artifactDirectory: './src/artifacts' };
  write('relay.config.json', { ...folders, eagerEsModules: true, ...project });
  return run('relay-compiler/cli.js', '--noWatchman', 'relay.config.json');
}

function renamed(document: DocumentNode, name: string): string {
  const withName = visit(document, {
    OperationDefinition: (node) => ({ ...node, name: { kind: Kind.NAME, value: name } }),
  });
  return print(withName);
}
