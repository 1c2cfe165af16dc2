// What other parts of the client may import from the room.
export { fold } from "./state/fold.ts";
export { ViewOnlyRoom } from "./state/view-only.svelte.ts";
export { default as App } from "./ui/App.svelte";
export { type Answer, type Content, type Page, type Room, roomTexts } from "./ui/context.ts";
export { promptFor } from "./ui/selectors.ts";
