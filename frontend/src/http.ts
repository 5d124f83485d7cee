/** Requests to Golmok's own addresses, and its refusals in words people can read. */
import { language, say } from "./words";

export interface RequestOptions {
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  csrf?: string;
}

/** A refusal: `title` says what happened, `detail` what to do next, `facts` the numbers in it. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly facts: Record<string, unknown>,
  ) {
    super([title, detail].map(asSentence).filter(Boolean).join(" "));
    this.name = "ProblemError";
  }
}

function asSentence(words: string): string {
  return words === "" || /[.!?…]$/.test(words) ? words : `${words}.`;
}

/** The answer's JSON (undefined when it is empty). Throws ProblemError, also when there is no connection (status 0). */
export async function request<T>(method: string, url: string, options: RequestOptions = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers: headersOf(options),
      body: options.body === undefined ? null : JSON.stringify(options.body),
    });
  } catch {
    throw new ProblemError(0, "no-connection", say("common-no-connection"), say("common-no-connection-detail"), {});
  }
  const text = await response.text();
  if (!response.ok) throw problemOf(response.status, text);
  return (text ? JSON.parse(text) : undefined) as T;
}

function headersOf({ body, headers, csrf }: RequestOptions): Record<string, string> {
  return {
    Accept: "application/json",
    "Accept-Language": language(),
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    ...(csrf ? { "X-CSRFToken": csrf } : {}),
    ...headers,
  };
}

function problemOf(status: number, text: string): ProblemError {
  try {
    const { type, title, detail, ...facts } = JSON.parse(text) as Record<string, unknown>;
    if (typeof type === "string" && typeof title === "string") {
      const code = type.slice(type.lastIndexOf("/") + 1);
      return new ProblemError(status, code, title, typeof detail === "string" ? detail : "", facts);
    }
  } catch {
    // Not a problem document: a proxy's own page, or nothing at all.
  }
  return new ProblemError(status, "unexpected", say("common-unexpected"), say("common-unexpected-detail"), {});
}
