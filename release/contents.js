/** Writes beside the built program what it is made of: `sbom.cdx.json` and `licences.txt`. Run by `npm pack` after the build. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { billOfMaterials } from './bill-of-materials.js';
import { licences } from './licences.js';
import { installedPackages, packedPackages, root } from './packed-packages.js';

const packed = await packedPackages();
const paths = [...new Set([...packed, ...installedPackages()])].toSorted();
writeFileSync(join(root, 'dist', 'sbom.cdx.json'), billOfMaterials(paths));
writeFileSync(join(root, 'dist', 'licences.txt'), licences(packed));
