// What Grafana and its ClickHouse plugin make of a query before they send it. In: SQL of a panel, a choice of the variables, a range
// of time. Out: SQL as ClickHouse gets it. Throws on a macro or variable that it does not know, so that none goes through unread.

export interface GrafanaChoice {
  /** Variable to the value that is chosen. */
  readonly values: Readonly<Record<string, string>>;
  /** Seconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/** `'*'` stands for All as it is; Grafana quotes no value that a dashboard gives for All. */
export function substituted(sql: string, { values, from, to }: GrafanaChoice): string {
  const filled = sql.replaceAll(/\$\{(\w+)(?::(\w+))?\}/g, (_, name: string, format: string | undefined) => {
    const value = values[name];
    if (value === undefined) throw new Error(`there is no variable ${name}`);
    if (format === undefined) return value;
    if (format !== 'sqlstring') throw new Error(`there is no format ${format}`);
    return `'${value.replaceAll("'", "''")}'`;
  });
  const expanded = filled.replaceAll('$__fromTime', `toDateTime(${from})`).replaceAll('$__toTime', `toDateTime(${to})`);
  const left = /\$\w+/.exec(expanded);
  if (left !== null) throw new Error(`there is no macro ${left[0]}`);
  return expanded;
}
