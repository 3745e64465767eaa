/**
 * Makes the bill of materials of the tarball in CycloneDX: npm's own for the whole lockfile, less what only developers have. Those who
 * scan an installation see no other trace of the packages that are built in.
 */
import { execFileSync } from 'node:child_process';
import { lockedPackages, nameAt, root } from './packed-packages.js';

const development = 'cdx:npm:package:development';

/** @returns the text, which is the same for the same lockfile and the same npm: it has neither a date nor a number of its own */
export function billOfMaterials(paths) {
  const locked = lockedPackages();
  const wanted = new Set(paths.map((path) => `${nameAt(path)}@${locked[path].version}`));
  const { metadata, components, dependencies, serialNumber: _, ...rest } = npmSbom();
  const kept = components.filter((component) => wanted.has(component['bom-ref']));
  const missing = [...wanted].filter((ref) => !kept.some((component) => component['bom-ref'] === ref));
  if (missing.length > 0) throw new Error(`expected npm to list what is built in, did not find ${missing.join(', ')}`);
  const own = metadata.component['bom-ref'];
  const bill = {
    ...rest,
    metadata: withoutDate(metadata),
    components: kept.map(shipped).toSorted(byRef),
    dependencies: graphOf(dependencies, wanted, own),
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** npm lists nothing at all where one tool for development asks another for an older peer; that is no matter of the tarball. */
function npmSbom() {
  const lockfile = ['--package-lock-only', '--include', 'dev', '--legacy-peer-deps'];
  const options = ['sbom', '--sbom-format', 'cyclonedx', ...lockfile];
  return JSON.parse(execFileSync('npm', options, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1_048_576 }));
}

/** npm takes the name from the folder. */
function withoutDate({ timestamp: _, component, ...metadata }) {
  return { ...metadata, component: { ...component, name: component['bom-ref'].split('@')[0], type: 'application' } };
}

/** npm knows it as a package for development, but it is in the tarball. */
function shipped({ properties = [], ...component }) {
  return { ...component, scope: 'required', properties: properties.filter(({ name }) => name !== development) };
}

function byRef(a, b) {
  return a['bom-ref'] < b['bom-ref'] ? -1 : 1;
}

function graphOf(dependencies, wanted, own) {
  return dependencies
    .filter(({ ref }) => wanted.has(ref) || ref === own)
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => wanted.has(each)).toSorted() }))
    .toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
}
