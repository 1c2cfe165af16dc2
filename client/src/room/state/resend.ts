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

/** Those that say for which step they are meant; the others of `BOUND` are about the clock of the whole meeting. */
const OF_STEP: ReadonlySet<Command["type"]> = new Set<Command["type"]>(
  [...BOUND].filter((type) => !["start", "pause", "resume"].includes(type)),
);

/** What a command says that is meant for the step under way; a room of before takes no such thing. */
export function stepOf(view: View | null): string | null {
  return view?.phase?.step || null;
}

const keyOfPhase = (view: View | null): string => stepOf(view) ?? view?.phase?.key ?? "";

/** The command with the step that it is meant for: the one that this device shows. */
export function stamped(command: Command, view: View | null): Command {
  const step = stepOf(view);
  return step !== null && OF_STEP.has(command.type) ? ({ ...command, phase: step } as Command) : command;
}

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
  // A page of before noted the key of the phase alone.
  const now = [keyOfPhase(view), view?.phase?.key ?? ""];
  return entry.phase === null || now.includes(entry.phase) ? "send" : "over";
}
