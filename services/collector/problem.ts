// Why a request is refused, as a value that its stages hand back in place of their result.
import type { ProblemCode } from '../../shared/contract/problems.js';

export class Problem {
  readonly code: ProblemCode;
  /** For a person who debugs a client; never a value of the request. */
  readonly detail: string | undefined;
  /** Sent as `Retry-After`, whole seconds. */
  readonly retryAfterS: number | undefined;

  constructor(code: ProblemCode, detail?: string, retryAfterS?: number) {
    this.code = code;
    this.detail = detail;
    this.retryAfterS = retryAfterS;
  }
}
