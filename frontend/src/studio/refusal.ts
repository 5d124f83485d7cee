import { ProblemError } from "../http";
import { say } from "../words";

/** An error as words: what happened and what to do next. */
export function wordsOf(error: unknown): string {
  if (error instanceof ProblemError) return error.message;
  return `${say("common-unexpected")} ${say("common-unexpected-detail")}`;
}
