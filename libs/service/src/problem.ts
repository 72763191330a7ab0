/** Errors as HTTP clients get them: RFC 9457 problem details. */
import { STATUS_CODES } from 'node:http';

/** One wrong field: a JSON pointer into the body, or a parameter of the path, the query or the headers. */
export interface FieldError {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly in?: 'path' | 'query' | 'header';
  readonly detail: string;
}

export interface ProblemOptions {
  /** A short name of the kind of problem; the status phrase when absent. */
  readonly title?: string;
  /** What happened this time and what the client can do. */
  readonly detail?: string;
  /** A URI that names the kind of problem; `about:blank` when absent. */
  readonly type?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** The body of an `application/problem+json` answer. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly requestId?: string;
  readonly errors?: readonly FieldError[];
}

/** An error that says itself how it is answered. */
export class HttpProblem extends Error {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: ProblemDetails;

  constructor(status: number, { title, detail, type, errors, headers, cause }: ProblemOptions = {}) {
    const phrase = STATUS_CODES[status] ?? 'Error';
    super(detail ?? title ?? phrase, cause === undefined ? undefined : { cause });
    this.name = 'HttpProblem';
    this.statusCode = status;
    this.headers = headers ?? {};
    this.details = {
      type: type ?? 'about:blank',
      title: title ?? phrase,
      status,
      ...(detail === undefined ? {} : { detail }),
      ...(errors === undefined ? {} : { errors }),
    };
  }
}

/** Returns a problem to throw from a route. */
export function problem(status: number, options: ProblemOptions = {}): HttpProblem {
  return new HttpProblem(status, options);
}
