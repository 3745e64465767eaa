/** Is a document small enough to be validated and run? */
import { type ASTVisitor, BREAK, type DocumentNode, Kind, OperationTypeNode, type SelectionNode, visit } from 'graphql';
import type { LimitName, OperationLimits } from './operation-limits.ts';
import { type Fragments, fragmentsOf, type SelectionVisitor, walkSelections } from './selections.ts';

export interface DocumentSize {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly nodes: number;
  readonly introspectionDepth: number;
  readonly introspectionNodes: number;
}

/** `visited` is the work done: expanded selections that were looked at. */
export type Walk = (DocumentSize | { readonly refused: LimitName }) & { readonly visited: number };

/**
 * Measures a document that nobody has validated yet, and stops at the first limit it breaks: it looks at no more than
 * `nodes + introspectionNodes + 1` expanded selections, whatever the fragments. What is merely wrong (unknown names,
 * fragments within themselves) is left to graphql's rules.
 */
export function walkDocument(document: DocumentNode, limits: OperationLimits): Walk {
  const written = countWritten(document, limits);
  if (written.refused !== undefined) return { refused: written.refused, visited: 0 };
  const expanded = new Expansion(limits, fragmentsOf(document));
  expanded.walkAll(document);
  const { refused, visited, size } = expanded;
  return refused === undefined ? { ...written, ...size, visited } : { refused, visited };
}

interface Written {
  aliases: number;
  directives: number;
  refused?: LimitName;
}

function countWritten(document: DocumentNode, limits: OperationLimits): Written {
  const count: Written = { aliases: 0, directives: 0 };
  const refuse = (limit: LimitName): typeof BREAK => {
    count.refused = limit;
    return BREAK;
  };
  const counter: ASTVisitor = {
    Field({ alias }) {
      if (alias !== undefined) count.aliases += 1;
      return count.aliases > limits.aliases ? refuse('aliases') : undefined;
    },
    Directive() {
      count.directives += 1;
      return count.directives > limits.directives ? refuse('directives') : undefined;
    },
    SelectionSet({ selections }) {
      return mostRepeated(selections) > limits.repeats ? refuse('repeats') : undefined;
    },
  };
  visit(document, counter);
  return count;
}

/** How often the field or fragment that is named most often is named. */
function mostRepeated(selections: readonly SelectionNode[]): number {
  const times = new Map<string, number>();
  let most = 0;
  for (const name of selections.map(repeatedName)) {
    const count = (times.get(name) ?? 0) + 1;
    times.set(name, count);
    most = Math.max(most, count);
  }
  return most;
}

/** The name in the response; spreads of one fragment repeat as well. An inline fragment repeats what it is for. */
function repeatedName(selection: SelectionNode): string {
  if (selection.kind === Kind.FIELD) return (selection.alias ?? selection.name).value;
  if (selection.kind === Kind.FRAGMENT_SPREAD) return `...${selection.name.value}`;
  return `... on ${selection.typeCondition?.name.value ?? ''}`;
}

const measured = ['depth', 'nodes', 'introspectionDepth', 'introspectionNodes'] as const;

interface Place {
  readonly depth: number;
  readonly isIntrospection: boolean;
  /** At the root of an operation: of which kind. */
  readonly root?: OperationTypeNode;
}

/** The walk over operations and the fragments that they reach, and then over those that none of them reaches. */
class Expansion {
  readonly size = { depth: 0, nodes: 0, introspectionDepth: 0, introspectionNodes: 0 };
  refused: LimitName | undefined;
  readonly #limits: OperationLimits;
  readonly #fragments: Fragments;
  readonly #reached = new Set<string>();
  #rootFields = 0;
  #rootDirectives = 0;

  constructor(limits: OperationLimits, fragments: Fragments) {
    this.#limits = limits;
    this.#fragments = fragments;
  }

  get visited(): number {
    return this.size.nodes + this.size.introspectionNodes;
  }

  walkAll({ definitions }: DocumentNode): void {
    for (const definition of definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION || this.refused !== undefined) continue;
      const place: Place = { depth: 0, isIntrospection: false, root: definition.operation };
      this.#rootFields = 0;
      walkSelections(definition.selectionSet, place, this.#fragments, this.#visit);
    }
    for (const [name, { selectionSet }] of this.#fragments) {
      if (this.#reached.has(name) || this.refused !== undefined) continue;
      walkSelections(selectionSet, { depth: 0, isIntrospection: false }, this.#fragments, this.#visit);
    }
  }

  readonly #visit: SelectionVisitor<Place> = (selection, place) => {
    const inner = this.#count(selection, place);
    if (place.root === OperationTypeNode.SUBSCRIPTION) this.#rootDirectives += selection.directives?.length ?? 0;
    this.refused = this.#broken(place);
    return this.refused === undefined ? inner : 'stop';
  };

  /** Counts the selection and gives the place within it. */
  #count(selection: SelectionNode, place: Place): Place {
    if (selection.kind === Kind.FRAGMENT_SPREAD) this.#reached.add(selection.name.value);
    if (selection.kind !== Kind.FIELD) {
      this.#add(place);
      return place;
    }
    const name = selection.name.value;
    const opensIntrospection = !place.isIntrospection && (name === '__schema' || name === '__type');
    const inner = {
      depth: opensIntrospection ? 1 : place.depth + 1,
      isIntrospection: place.isIntrospection || opensIntrospection,
    };
    if (place.root !== undefined && name !== '__typename') this.#rootFields += 1;
    this.#add(inner);
    return inner;
  }

  #add({ depth, isIntrospection }: Place): void {
    this.size[isIntrospection ? 'introspectionNodes' : 'nodes'] += 1;
    const deepest = isIntrospection ? 'introspectionDepth' : 'depth';
    this.size[deepest] = Math.max(this.size[deepest], depth);
  }

  #broken({ root }: Place): LimitName | undefined {
    const rootFields = root === OperationTypeNode.QUERY ? 'rootFields' : 'effectRootFields';
    if (root !== undefined && this.#rootFields > this.#limits[rootFields]) return rootFields;
    if (this.#rootDirectives > this.#limits.subscriptionRootDirectives) return 'subscriptionRootDirectives';
    for (const name of measured) if (this.size[name] > this.#limits[name]) return name;
    return undefined;
  }
}
