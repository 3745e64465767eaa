/** The types of the catalog, which refer to each other; their own files implement them. */
import type * as model from '../../model/catalog.ts';
import { builder } from '../builder.ts';

export const DataSet = builder.objectRef<model.DataSet>('DataSet');

export const Revision = builder.objectRef<model.Revision>('Revision');

export const Asset = builder.objectRef<model.Asset>('Asset');
