/** The schema as the text of a subgraph of Apollo Federation 2, which a router composes with other subgraphs. */
import {
  type ConstDirectiveNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';
import { schema } from './index.ts';

/** 2.3 has keys on interfaces, 2.4 subscriptions. A composer refuses versions later than it knows. */
const link = directivesIn('@link(url: "https://specs.apollo.dev/federation/v2.4", import: ["@key", "@shareable"])');
const key = directivesIn('@key(fields: "id")');
const shareable = directivesIn('@shareable');

/** Apollo's composer refuses a directive that it neither knows nor finds in the text (`@apollo/composition` 2.14.4). */
const { definitions: ownDirectives } = parse('directive @oneOf on INPUT_OBJECT');

/** Every subgraph for Relay has them, and only one of a graph may: which one made an id is not known to a router. */
const relayFields: ReadonlySet<string> = new Set(['node', 'nodes']);

/**
 * Each type of a `Node` is an entity, and so is the interface `Job`: other subgraphs refer to them by `id` and extend
 * them. `_entities` and `_service` are not in the text, since every subgraph has them.
 */
export function printedSubgraph(): string {
  const subgraph = visit(parse(printSchema(schema)), {
    Document: (node) => ({ ...node, definitions: [...ownDirectives, ...node.definitions] }),
    SchemaDefinition: (node) => ({ ...node, directives: link }),
    InterfaceTypeDefinition: (node) => ({ ...node, directives: directivesOf(node) }),
    ObjectTypeDefinition: (node) => ({ ...node, directives: directivesOf(node), fields: fieldsOf(node) }),
  });
  return `${print(subgraph)}\n`;
}

function directivesOf({ name, interfaces = [] }: InterfaceTypeDefinitionNode | ObjectTypeDefinitionNode) {
  if (name.value === 'PageInfo') return shareable;
  return interfaces.some((each) => each.name.value === 'Node') ? key : [];
}

function fieldsOf({ name, fields = [] }: ObjectTypeDefinitionNode) {
  return name.value === 'Query' ? fields.filter((field) => !relayFields.has(field.name.value)) : fields;
}

function directivesIn(text: string): readonly ConstDirectiveNode[] {
  const [definition] = parse(`type Any ${text}`).definitions;
  return definition?.kind === Kind.OBJECT_TYPE_DEFINITION ? (definition.directives ?? []) : [];
}
