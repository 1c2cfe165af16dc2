// Which commands may be sent again after the connection was lost. Some belong to the phase in which they were given: "go on
// to the next phase", sent again a phase later, would end the wrong one; a text would be read in the wrong light.
import type { Command, View } from "../../protocol/index.ts";
import type { Entry } from "../../transport/outbox.ts";

const BOUND: ReadonlySet<Command["type"]> = new Set<Command["type"]>([
  "start",
  "give",
  "pass",
  "take-floor",
  "release-floor",
  "vote",
  "choose",
  "ready",
  "end-phase",
  "skip-phase",
  "extend",
  "pause",
  "resume",
]);

const keyOfPhase = (view: View | null): string => view?.phase?.key ?? "";

/** The phase that this command is meant for; `null` where it doesn't matter. */
export function boundTo(command: Command, view: View | null): string | null {
  return BOUND.has(command.type) ? keyOfPhase(view) : null;
}

/** What to do with a command that got no answer, now that the view is up to date again. */
export function resendDecision(entry: Entry, view: View | null): "send" | "done" | "over" {
  const { command } = entry;
  if (command.type === "give" && command.content && view?.items.some((item) => item.content === command.content)) {
    return "done";
  }
  return entry.phase === null || entry.phase === keyOfPhase(view) ? "send" : "over";
}
