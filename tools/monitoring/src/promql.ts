/** What a PromQL expression asks for, from its syntax tree. */
import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNode } from '@lezer/common';
import type { Sample } from './metric-list.ts';

/** Tells about a sample name what is known, or nothing. */
export type Lookup = (name: string) => Pick<Sample, 'kind' | 'labels'> | undefined;

export interface Analysis {
  /** What is wrong, one line each. */
  readonly problems: readonly string[];
  /** The sample names that it reads. */
  readonly names: readonly string[];
  /** The labels that its result can have. */
  readonly labels: ReadonlySet<string>;
}

/** Functions that make sense of counters only, and such that make sense of gauges only. */
const OF_COUNTERS = new Set(['rate', 'increase', 'irate']);
const OF_GAUGES = new Set([
  'deriv',
  'delta',
  'predict_linear',
  'avg_over_time',
  'max_over_time',
  'min_over_time',
]);

const SELECTING = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio']);

/** Returns what is wrong with `expression` given the metrics there are, and which labels its result has. */
export function analyse(expression: string, lookup: Lookup): Analysis {
  const problems: string[] = [];
  const names: string[] = [];
  const text = (node: SyntaxNode) => expression.slice(node.from, node.to);
  const complain = (problem: string) => {
    if (!problems.includes(problem)) problems.push(problem);
  };

  const tree = parser.parse(expression);
  tree.iterate({
    enter: (node) => {
      if (node.type.isError)
        complain(
          `is no PromQL at position ${node.from + 1}, near "${expression.slice(node.from, node.from + 20)}"`,
        );
    },
  });
  if (problems.length > 0) return { problems, names, labels: new Set() };

  const children = (node: SyntaxNode) => {
    const found: SyntaxNode[] = [];
    for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
    return found;
  };
  const labelNames = (node: SyntaxNode) => node.getChildren('LabelName').map(text);
  const demand = (wanted: readonly string[], there: ReadonlySet<string>, what: string) => {
    for (const label of wanted)
      if (!there.has(label)) complain(`${what} the label ${label}, which nothing in it has`);
  };

  const selector = (node: SyntaxNode, within?: string): Set<string> => {
    const identifier = node.getChild('Identifier');
    const name = identifier === null ? '' : text(identifier);
    const known = lookup(name);
    if (known === undefined) {
      complain(
        name === '' ? 'selects without the name of a metric' : `asks for ${name}, which nothing tells`,
      );
      return new Set();
    }
    names.push(name);
    if (within !== undefined && OF_COUNTERS.has(within) && known.kind !== 'counter')
      complain(`takes ${within}() of ${name}, which is no counter`);
    if (within !== undefined && OF_GAUGES.has(within) && known.kind !== 'gauge')
      complain(`takes ${within}() of ${name}, which is a counter`);
    const labels = new Set(known.labels);
    const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
    demand(matchers.flatMap(labelNames), labels, `selects ${name} by`);
    return labels;
  };

  /** The labels that a selector demands by equality: what absent() makes of it. */
  const equalities = (node: SyntaxNode): Set<string> => {
    const found = new Set<string>();
    node.cursor().iterate((inner) => {
      if (inner.name !== 'UnquotedLabelMatcher') return;
      const [label, operator] = children(inner.node);
      if (label !== undefined && operator !== undefined && text(operator) === '=') found.add(text(label));
    });
    return found;
  };

  const aggregate = (node: SyntaxNode): Set<string> => {
    const body = node.getChild('FunctionCallBody');
    const inner = union(body === null ? [] : children(body).map((child) => labelsOf(child)));
    // These choose among series and leave them their labels.
    const operator = text(node.getChild('AggregateOp') ?? node);
    const modifier = node.getChild('AggregateModifier');
    if (SELECTING.has(operator)) return inner;
    if (modifier === null) return new Set();
    const grouping = modifier.getChild('GroupingLabels');
    const wanted = grouping === null ? [] : labelNames(grouping);
    demand(wanted, inner, modifier.getChild('By') === null ? 'groups without' : 'groups by');
    if (modifier.getChild('By') !== null) return new Set(wanted);
    return new Set([...inner].filter((label) => !wanted.includes(label)));
  };

  const call = (node: SyntaxNode): Set<string> => {
    const name = text(node.getChild('FunctionIdentifier') ?? node);
    const body = node.getChild('FunctionCallBody');
    const inner = union(body === null ? [] : children(body).map((child) => labelsOf(child, name)));
    if (name === 'absent') return equalities(node);
    if (name === 'histogram_quantile') {
      demand(['le'], inner, 'takes a quantile by');
      inner.delete('le');
    }
    return inner;
  };

  const binary = (node: SyntaxNode): Set<string> => {
    const [first, ...others] = children(node);
    const last = others.at(-1);
    if (first === undefined || last === undefined) return new Set();
    const left = labelsOf(first);
    const right = labelsOf(last);
    const matching = node.getChild('MatchingModifierClause');
    const [grouping, included] = matching?.getChildren('GroupingLabels') ?? [];
    const wanted = grouping === undefined ? [] : labelNames(grouping);
    if (matching !== null) {
      demand(wanted, left, 'matches on its left side by');
      demand(wanted, right, 'matches on its right side by');
    }
    if (node.getChild('Or') !== null) return union([left, right]);
    if (node.getChild('And') !== null || node.getChild('Unless') !== null) return left;
    if (matching?.getChild('GroupLeft')) return union([left, new Set(included ? labelNames(included) : [])]);
    if (matching?.getChild('On')) return new Set(wanted);
    return isNumber(first) ? right : left;
  };

  const labelsOf = (node: SyntaxNode, within?: string): Set<string> => {
    switch (node.name) {
      case 'VectorSelector':
        return selector(node, within);
      case 'AggregateExpr':
        return aggregate(node);
      case 'FunctionCall':
        return call(node);
      case 'BinaryExpr':
        return binary(node);
      case 'MatrixSelector':
      case 'OffsetExpr':
      case 'ParenExpr':
      case 'SubqueryExpr':
      case 'UnaryExpr':
      case 'StepInvariantExpr':
      case 'PromQL':
        return union(children(node).map((child) => labelsOf(child, within)));
      default:
        return new Set();
    }
  };
  const labels = labelsOf(tree.topNode);
  return { problems, names, labels };
}

const isNumber = (node: SyntaxNode) => node.name === 'NumberDurationLiteral';

const union = (sets: readonly ReadonlySet<string>[]) => new Set(sets.flatMap((set) => [...set]));
