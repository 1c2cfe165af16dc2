// What is permitted, as a view lists it: pairs of a command and what it is about.

export type Pairs = readonly (readonly [string, string])[];

export const NOBODY: ReadonlySet<string> = new Set();

export const action = (command: string, detail: string): string => `${command} ${detail}`;

/** The same as a set, to look things up in. */
export const actions = (pairs: Pairs = []): ReadonlySet<string> =>
  new Set(pairs.map(([command, detail]) => action(command, detail)));

/** All that this command is permitted about. */
export const detailsIn = (pairs: Pairs | undefined, command: string): readonly string[] =>
  (pairs ?? []).filter(([name]) => name === command).map(([, detail]) => detail);
