// Errors of the runtime. Bad data is a value (a drop reason); bad weather is this class; a broken invariant is an assertion.

/** Something outside failed: a disk, a network, a server. `retriable` says whether waiting can help. */
export class WeatherError extends Error {
  readonly code: string;
  readonly retriable: boolean;

  constructor(code: string, message: string, options: { retriable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'WeatherError';
    this.code = code;
    this.retriable = options.retriable;
  }
}

/** The configuration or the machine does not allow a start. The message is for a person and complete; no stack is printed. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
