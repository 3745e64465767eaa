/** Measures a document, to decide whether it is small enough to validate and run. */
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

/** `visited` is the work done: the number of expanded selections. */
export type Walk = (DocumentSize | { readonly refused: LimitName }) & { readonly visited: number };

/**
 * Measures a document before its validation, and stops at the first limit that it exceeds. It visits at most `nodes +
 * introspectionNodes + 1` expanded selections, whatever the fragments. Documents that are only invalid (unknown names,
 * fragments within themselves) are left to the rules of graphql-js.
 */
export function walkDocument(document: DocumentNode, limits: OperationLimits): Walk {
  const unexpanded = countUnexpanded(document, limits);
  if (unexpanded.refused !== undefined) return { refused: unexpanded.refused, visited: 0 };
  const expanded = new Expansion(limits, fragmentsOf(document));
  expanded.walkAll(document);
  const { refused, visited, size } = expanded;
  return refused === undefined ? { ...unexpanded, ...size, visited } : { refused, visited };
}

interface UnexpandedCounts {
  aliases: number;
  directives: number;
  refused?: LimitName;
}

function countUnexpanded(document: DocumentNode, limits: OperationLimits): UnexpandedCounts {
  const count: UnexpandedCounts = { aliases: 0, directives: 0 };
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

/** The number of selections of the field or fragment that is selected most often. */
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

/** The response name of a field. Spreads of one fragment repeat as well, and so do inline fragments on one type. */
function repeatedName(selection: SelectionNode): string {
  if (selection.kind === Kind.FIELD) return (selection.alias ?? selection.name).value;
  if (selection.kind === Kind.FRAGMENT_SPREAD) return `...${selection.name.value}`;
  return `... on ${selection.typeCondition?.name.value ?? ''}`;
}

const measured = ['depth', 'nodes', 'introspectionDepth', 'introspectionNodes'] as const;

interface VisitState {
  readonly depth: number;
  readonly isIntrospection: boolean;
  /** The kind of the operation, at its root only. */
  readonly root?: OperationTypeNode;
}

/** Walks the operations with the fragments that they use, and then the unused fragments. */
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
      const state: VisitState = { depth: 0, isIntrospection: false, root: definition.operation };
      this.#rootFields = 0;
      walkSelections(definition.selectionSet, state, this.#fragments, this.#visit);
    }
    for (const [name, { selectionSet }] of this.#fragments) {
      if (this.#reached.has(name) || this.refused !== undefined) continue;
      walkSelections(selectionSet, { depth: 0, isIntrospection: false }, this.#fragments, this.#visit);
    }
  }

  readonly #visit: SelectionVisitor<VisitState> = (selection, state) => {
    const inner = this.#count(selection, state);
    if (state.root === OperationTypeNode.SUBSCRIPTION) this.#rootDirectives += selection.directives?.length ?? 0;
    this.refused = this.#exceededLimit(state);
    return this.refused === undefined ? inner : 'stop';
  };

  /** Counts the selection and returns the state for the selections within it. */
  #count(selection: SelectionNode, state: VisitState): VisitState {
    if (selection.kind === Kind.FRAGMENT_SPREAD) this.#reached.add(selection.name.value);
    if (selection.kind !== Kind.FIELD) {
      this.#add(state);
      return state;
    }
    const name = selection.name.value;
    const opensIntrospection = !state.isIntrospection && (name === '__schema' || name === '__type');
    const inner = {
      depth: opensIntrospection ? 1 : state.depth + 1,
      isIntrospection: state.isIntrospection || opensIntrospection,
    };
    if (state.root !== undefined && name !== '__typename') this.#rootFields += 1;
    this.#add(inner);
    return inner;
  }

  #add({ depth, isIntrospection }: VisitState): void {
    this.size[isIntrospection ? 'introspectionNodes' : 'nodes'] += 1;
    const deepest = isIntrospection ? 'introspectionDepth' : 'depth';
    this.size[deepest] = Math.max(this.size[deepest], depth);
  }

  #exceededLimit({ root }: VisitState): LimitName | undefined {
    const rootFields = root === OperationTypeNode.QUERY ? 'rootFields' : 'effectRootFields';
    if (root !== undefined && this.#rootFields > this.#limits[rootFields]) return rootFields;
    if (this.#rootDirectives > this.#limits.subscriptionRootDirectives) return 'subscriptionRootDirectives';
    for (const name of measured) if (this.size[name] > this.#limits[name]) return name;
    return undefined;
  }
}
