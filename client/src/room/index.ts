// What other parts of the client may use of the room: its screens, and rooms that are only looked at.
export { fold } from "./state/fold.ts";
export { SeenRoom } from "./state/seen.svelte.ts";
export { default as App } from "./ui/App.svelte";
export { type Answer, type Content, type Page, type Room, ui } from "./ui/context.ts";
export { promptFor } from "./ui/reading.ts";
