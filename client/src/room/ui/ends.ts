// What is rarely on the screen, in a file of its own: the end, who asks for it, what came of a vote, what is to be confirmed, or
// chosen on a table screen, who sits here with what may be done about them or for them, and what only some methods or circles need.
export { default as ActFor } from "./ActFor.svelte";
export { default as AtTheDoor } from "./AtTheDoor.svelte";
export { default as Casting } from "./Casting.svelte";
export { default as Chosen } from "./Chosen.svelte";
export { default as Closed } from "./Closed.svelte";
export { default as ConfirmChoice } from "./ConfirmChoice.svelte";
export { default as JoinCode } from "./JoinCode.svelte";
export { default as Left } from "./Left.svelte";
export { default as Options } from "./Options.svelte";
export { default as Outcome } from "./Outcome.svelte";
export { default as People } from "./People.svelte";
export { default as Proposals } from "./Proposals.svelte";
export { default as SeatAlong } from "./SeatAlong.svelte";
export { default as Tables } from "./Tables.svelte";
export { default as VideoRoom } from "./VideoRoom.svelte";
export { default as WrittenStatus } from "./WrittenStatus.svelte";
