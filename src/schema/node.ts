/** The queries `node` and `nodes`, by which Relay and other clients with a normalised cache refetch objects. */
import { sizes } from '../model/job-input-sizes.ts';
import { job } from '../resolvers/job.ts';
import { nodes } from '../resolvers/node.ts';
import { builder } from './builder.ts';
import { reading } from './rights.ts';
import { sized } from './sized.ts';

export const Node = builder.nodeInterfaceRef();

builder.queryFields((t) => ({
  node: t.field({
    extensions: reading,
    type: Node,
    nullable: true,
    description: 'The node with this `id`, or null if there is none or it is not yours. Costs the same as `job`.',
    args: { id: t.arg.id({ description: 'An `id` that this API gave out.' }) },
    resolve: job,
  }),
  nodes: t.field({
    extensions: reading,
    type: [Node],
    nullable: { list: false, items: true },
    description:
      'The nodes with these `ids`, in the same order; null where there is none, and an error besides where one could not be read. Data Exchange jobs are read many at a time.',
    args: {
      ids: t.arg.idList(sized(sizes.nodes, (range) => `From ${range} ids that this API gave out. Repeats are fine.`)),
    },
    resolve: nodes,
  }),
}));
