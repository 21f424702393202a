// Where a browser on this machine finds the page, when nobody said where people open it. In: host and port. Out: an address.

export function ownAddress(host: string, port: number): string {
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}
