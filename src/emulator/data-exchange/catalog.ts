/** Stores the data sets, revisions and assets that jobs refer to. */
import { randomUUID } from 'node:crypto';
import { Register } from '../register.ts';
import { dataSetArn, type Origin } from './arns.ts';
import { accessDenied, notFound } from './errors.ts';
import type { Tags } from './tags.ts';

export type AssetType =
  | 'S3_SNAPSHOT'
  | 'REDSHIFT_DATA_SHARE'
  | 'API_GATEWAY_API'
  | 'S3_DATA_ACCESS'
  | 'LAKE_FORMATION_DATA_PERMISSION';

export interface DataSet {
  readonly id: string;
  readonly arn: string;
  readonly origin: Origin;
  readonly assetType: AssetType;
  name: string;
  description: string;
  tags: Tags;
  readonly createdAt: number;
  updatedAt: number;
  readonly revisions: Register<Revision>;
}

export interface Revision {
  readonly id: string;
  readonly arn: string;
  readonly dataSetId: string;
  comment: string | undefined;
  isFinalized: boolean;
  tags: Tags;
  readonly createdAt: number;
  updatedAt: number;
  readonly assets: Map<string, Asset>;
}

export interface Asset {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly type: AssetType;
  /** The service's `AssetDetails`: one member, named after the type. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  /** The bytes of a snapshot, for downloads. */
  readonly content?: Uint8Array;
}

export type NewAsset = Pick<Asset, 'name' | 'type' | 'details' | 'content'>;
export type NewDataSet = Pick<DataSet, 'assetType' | 'name' | 'description' | 'tags'>;
export type NewRevision = Pick<Revision, 'comment' | 'tags'>;

export class Catalog {
  readonly dataSets = new Register<DataSet>();
  /** Data sets of others that may not be read any more. No list has them. */
  readonly #withdrawn = new Set<string>();
  #ownedDataSets = 0;

  /** Number of data sets that the account itself has created. */
  get ownedDataSets(): number {
    return this.#ownedDataSets;
  }

  addDataSet(members: NewDataSet, at: number, origin: Origin = 'OWNED', id = newId()): DataSet {
    const arn = dataSetArn(origin, id);
    const dataSet = {
      ...members,
      id,
      arn,
      origin,
      createdAt: at,
      updatedAt: at,
      revisions: new Register<Revision>(),
    };
    this.dataSets.add(dataSet);
    if (origin === 'OWNED') this.#ownedDataSets += 1;
    return dataSet;
  }

  /** Throws ResourceNotFoundException, and AccessDeniedException for one that was withdrawn: the service's error is unknown. */
  dataSet(id: string): DataSet {
    const dataSet = this.dataSets.get(id);
    if (dataSet === undefined) throw notFound('DATA_SET', id);
    if (!this.isReadable(dataSet)) throw accessDenied(`Data set ${id} may not be read any more.`);
    return dataSet;
  }

  isReadable({ id }: DataSet): boolean {
    return !this.#withdrawn.has(id);
  }

  /** Deletes an owned data set; ends the subscription to one of others. False if there is none. */
  removeDataSet(id: string): boolean {
    const dataSet = this.dataSets.get(id);
    if (dataSet === undefined) return false;
    if (dataSet.origin === 'ENTITLED') {
      this.#withdrawn.add(id);
      return true;
    }
    this.dataSets.remove(id);
    this.#ownedDataSets -= 1;
    return true;
  }

  /** Throws AccessDeniedException for an entitled data set, which belongs to another account; the service's error is unknown. */
  ownedDataSet(id: string): DataSet {
    const dataSet = this.dataSet(id);
    if (dataSet.origin === 'ENTITLED') throw accessDenied(`Data set ${id} is entitled and cannot be changed.`);
    return dataSet;
  }
}

export function addRevision(dataSet: DataSet, members: NewRevision, at: number, id = newId()): Revision {
  const revision = {
    ...members,
    id,
    arn: `${dataSet.arn}/revisions/${id}`,
    dataSetId: dataSet.id,
    isFinalized: false,
    createdAt: at,
    updatedAt: at,
    assets: new Map<string, Asset>(),
  };
  dataSet.revisions.add(revision);
  return revision;
}

export function addAsset(revision: Revision, members: NewAsset, at: number, id = newId()): Asset {
  const asset = { ...members, id, arn: `${revision.arn}/assets/${id}`, createdAt: at };
  revision.assets.set(id, asset);
  return asset;
}

export function revisionOf(dataSet: DataSet, id: string): Revision {
  const revision = dataSet.revisions.get(id);
  if (revision === undefined) throw notFound('REVISION', id);
  return revision;
}

export function assetOf(revision: Revision, id: string): Asset {
  const asset = revision.assets.get(id);
  if (asset === undefined) throw notFound('ASSET', id);
  return asset;
}

/** A stored file, the most common asset. */
export function snapshot(name: string, content: Uint8Array): NewAsset {
  return { name, type: 'S3_SNAPSHOT', details: { S3SnapshotAsset: { Size: content.length } }, content };
}

/** 32 lower-case hexadecimal digits, like the ids that the service's documents print. */
export function newId(): string {
  return randomUUID().replaceAll('-', '');
}
