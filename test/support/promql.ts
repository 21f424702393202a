// As much of PromQL as the dashboards and rules use: reads an expression and says which metrics and labels it names. In: text. Out: its
// selectors and grouping labels. Throws on anything outside this part of the language; it stands in for Prometheus, which cannot run here.

export interface Selector {
  readonly metric: string;
  /** Label to the value that it must have. */
  readonly matchers: Readonly<Record<string, string>>;
  readonly range: string | undefined;
}

export interface PromQl {
  readonly selectors: readonly Selector[];
  /** Labels that results are grouped or matched by. */
  readonly labels: readonly string[];
}

/** Function to whether its last argument is a range vector. */
const FUNCTIONS: Readonly<Record<string, boolean>> = {
  rate: true,
  increase: true,
  histogram_quantile: false,
  time: false,
};
const AGGREGATIONS = new Set(['sum', 'max', 'min', 'avg']);
const BINARY = new Set(['+', '-', '*', '/', '>', '<', '>=', '<=', '==', '!=', 'and', 'or', 'unless']);
const TOKEN = /\s*(?:(\[[^\]]*\])|("[^"\\]*")|([A-Za-z_:][\w:]*)|(\d+(?:\.\d+)?)|(>=|<=|==|!=|=~|[-+*/<>(){},=]))/y;

export function readPromQl(expression: string): PromQl {
  const tokens = tokensOf(expression);
  const selectors: Selector[] = [];
  const labels: string[] = [];
  let at = 0;
  const fail = (wanted: string): never => {
    throw new Error(`${expression}: ${wanted} expected, not ${tokens[at] ?? 'the end'}`);
  };
  const take = (wanted: string): void => {
    if (tokens[at] !== wanted) fail(wanted);
    at += 1;
  };
  const word = (): string => {
    const token = tokens[at] ?? '';
    if (!/^[A-Za-z_:]/.test(token)) fail('a name');
    at += 1;
    return token;
  };

  function labelList(): void {
    take('(');
    labels.push(word());
    while (tokens[at] === ',') {
      at += 1;
      labels.push(word());
    }
    take(')');
  }

  function selector(metric: string): void {
    const matchers: Record<string, string> = {};
    if (tokens[at] === '{') {
      do {
        at += 1;
        const label = word();
        take('=');
        matchers[label] = (tokens[at] ?? '').replaceAll('"', '');
        if (!(tokens[at] ?? '').startsWith('"')) fail('a value in quotes');
        at += 1;
      } while (tokens[at] === ',');
      take('}');
    }
    const range = (tokens[at] ?? '').startsWith('[') ? tokens[at++] : undefined;
    if (range !== undefined && !/^\[(\d+[smhd]|\$__rate_interval)\]$/.test(range))
      throw new Error(`bad range ${range}`);
    selectors.push({ metric, matchers, range });
  }

  function call(name: string): void {
    take('(');
    const before = selectors.length;
    for (let first = true; tokens[at] !== ')'; first = false) {
      if (!first) take(',');
      expressionOf();
    }
    take(')');
    if (FUNCTIONS[name] === true && selectors.slice(before).some(({ range }) => range === undefined))
      throw new Error(`${name} needs a range in ${expression}`);
  }

  function operand(): void {
    const token = tokens[at] ?? fail('an operand');
    if (token === '(') {
      at += 1;
      expressionOf();
      return take(')');
    }
    if (/^\d/.test(token)) return void (at += 1);
    const name = word();
    if (AGGREGATIONS.has(name)) {
      if (tokens[at] === 'by') {
        at += 1;
        labelList();
      }
      return call(name);
    }
    if (name in FUNCTIONS) return call(name);
    selector(name);
  }

  function expressionOf(): void {
    operand();
    while (BINARY.has(tokens[at] ?? '')) {
      at += 1;
      if (tokens[at] === 'ignoring' || tokens[at] === 'on') {
        at += 1;
        labelList();
      }
      operand();
    }
  }

  expressionOf();
  if (at < tokens.length) fail('the end');
  return { selectors, labels };
}

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const found = TOKEN.exec(expression);
    if (found === null) throw new Error(`${expression}: cannot read ${expression.slice(from)}`);
    tokens.push(found.slice(1).find((part) => part !== undefined) ?? '');
  }
  return tokens;
}
