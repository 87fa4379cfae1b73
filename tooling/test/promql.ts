import { parser } from '@prometheus-io/lezer-promql';

export interface Selector {
  metric: string;
  matchers: { label: string; op: string; value: string }[];
}

export interface ParsedQuery {
  /** Places where the text is no PromQL; empty when all of it is. */
  faults: string[];
  selectors: Selector[];
  /** Labels of `by`, `without`, `on`. */
  groupings: string[];
}

/** What a query reads, by Prometheus' own grammar. Grafana's variables are put in place of first. */
export function parsePromql(text: string): ParsedQuery {
  const query = text.replaceAll('$__rate_interval', '5m').replaceAll('$project', '.*');
  const parsed: ParsedQuery = { faults: [], selectors: [], groupings: [] };
  const cursor = parser.parse(query).cursor();
  const read = () => query.slice(cursor.from, cursor.to);
  let isGrouping = false;
  let label = '';
  let op = '';
  do {
    const name = cursor.type.name;
    if (cursor.type.isError) parsed.faults.push(`${query.slice(0, cursor.from)}⚠${query.slice(cursor.from)}`);
    if (name === 'GroupingLabels') isGrouping = true;
    if (name === 'VectorSelector') parsed.selectors.push({ metric: '', matchers: [] });
    if (name === 'VectorSelector' || name === 'LabelMatchers') isGrouping = false;
    const selector = parsed.selectors.at(-1);
    if (name === 'Identifier' && selector?.metric === '') selector.metric = read();
    if (name === 'LabelName' && isGrouping) parsed.groupings.push(read());
    if (name === 'LabelName') label = read();
    if (name === 'MatchOp') op = read();
    if (name === 'StringLiteral' && op !== '' && !isGrouping) {
      selector?.matchers.push({ label, op, value: read().slice(1, -1) });
      op = '';
    }
  } while (cursor.next());
  return parsed;
}
