/** Walks the selections of a document in the order of execution, with fragments expanded. */
import type { DocumentNode, FragmentDefinitionNode, NamedTypeNode, SelectionNode, SelectionSetNode } from 'graphql';
import { Kind } from 'graphql';

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * Receives each selection and the state around it. Returns the state for the selections within it, `skip` to leave
 * those out, or `stop`. `condition` is the type condition of a fragment.
 */
export type SelectionVisitor<State extends object> = (
  selection: SelectionNode,
  state: State,
  condition: NamedTypeNode | undefined,
) => State | 'skip' | 'stop';

interface Frame<State> {
  readonly selections: readonly SelectionNode[];
  readonly state: State;
  readonly path: FragmentPath | undefined;
  next: number;
}

/** The fragments that enclose a selection, from the innermost. */
interface FragmentPath {
  readonly name: string;
  readonly outer: FragmentPath | undefined;
}

export function fragmentsOf(document: DocumentNode): Fragments {
  const definitions = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(definitions.map((definition) => [definition.name.value, definition]));
}

/**
 * Walks without recursion, with memory for one path only; the visitor bounds the work. It visits but does not enter a
 * fragment within itself and one that is not defined, since the rules of graphql-js refuse both. Returns whether the
 * walk was complete.
 */
export function walkSelections<State extends object>(
  root: SelectionSetNode,
  state: State,
  fragments: Fragments,
  visit: SelectionVisitor<State>,
): boolean {
  const frames: Frame<State>[] = [{ selections: root.selections, state, path: undefined, next: 0 }];
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const selection = frame.selections[frame.next];
    frame.next += 1;
    if (selection === undefined) {
      frames.pop();
      continue;
    }
    const { within, condition, path } = insideOf(selection, fragments, frame.path);
    const inner = visit(selection, frame.state, condition);
    if (inner === 'stop') return false;
    if (inner !== 'skip' && within !== undefined) {
      frames.push({ selections: within.selections, state: inner, path, next: 0 });
    }
  }
  return true;
}

interface Inside {
  readonly within: SelectionSetNode | undefined;
  readonly condition: NamedTypeNode | undefined;
  readonly path: FragmentPath | undefined;
}

function insideOf(selection: SelectionNode, fragments: Fragments, path: FragmentPath | undefined): Inside {
  if (selection.kind === Kind.FIELD) return { within: selection.selectionSet, condition: undefined, path };
  if (selection.kind === Kind.INLINE_FRAGMENT) {
    return { within: selection.selectionSet, condition: selection.typeCondition, path };
  }
  const name = selection.name.value;
  const fragment = isWithin(name, path) ? undefined : fragments.get(name);
  return { within: fragment?.selectionSet, condition: fragment?.typeCondition, path: { name, outer: path } };
}

function isWithin(name: string, path: FragmentPath | undefined): boolean {
  for (let each = path; each !== undefined; each = each.outer) if (each.name === name) return true;
  return false;
}
