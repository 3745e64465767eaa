/** The code of `docs/clients/` compiles in a project with the options of Vite's template for React and TypeScript. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'vitest';
import { compileRelay, makeProject } from './support/project.ts';

const compilerOptions = {
  target: 'es2023',
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  module: 'esnext',
  types: ['vite/client'],
  skipLibCheck: true,
  moduleResolution: 'bundler',
  allowImportingTsExtensions: true,
  verbatimModuleSyntax: true,
  moduleDetection: 'force',
  noEmit: true,
  jsx: 'react-jsx',
  strict: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  erasableSyntaxOnly: true,
  noFallthroughCasesInSwitch: true,
  noUncheckedIndexedAccess: true,
};

test('the recipes compile in a new project, with the types that Relay generates', { timeout: 120_000 }, async () => {
  const project = await makeProject('relay');
  await compileRelay(project);
  await writeFile(join(project.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  await project.run('typescript/bin/tsc', ['--project', '.']);
});
