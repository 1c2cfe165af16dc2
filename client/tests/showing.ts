// A component of the room on a page, with a room that has no server.
import { type Component, flushSync, mount, unmount } from "svelte";
import { type Page, provide } from "../src/room/ui/context.ts";
import { FakeRoom, type Made } from "../src/room/ui/stories/fake.svelte.ts";
import { viewOf } from "./cast.ts";
import { METHOD } from "./room-setting.ts";

const QUIET = { on: false, unlock: () => undefined, play: () => undefined };
const PAGE: Page = { table: false, practice: false, days: 30, leads: false, sounds: QUIET };

const shown: Record<string, unknown>[] = [];

/** A room that shows this, and nothing else. */
export function fakeRoom(made: Partial<Made> = {}): FakeRoom {
  return new FakeRoom({ view: viewOf(), names: {}, contents: {}, ...made }, METHOD);
}

/** Mounts the component. */
export function show<Props extends Record<string, unknown>>(
  component: Component<Props>,
  room: FakeRoom,
  {
    page = {},
    props = {} as Props,
    target = document.body,
  }: { page?: Partial<Page>; props?: Props; target?: Element } = {},
): void {
  const within: Component<Props> = (anchor, given) => {
    provide(room, { ...PAGE, ...page });
    return component(anchor, given);
  };
  shown.push(mount(within, { target, props, context: new Map() }));
  flushSync();
}

/** Takes all of it from the page again. */
export async function clear(): Promise<void> {
  for (const one of shown.splice(0)) await unmount(one);
}

/** What stands in the element with this test id; `null` where it is not there. */
export function textOf(testid: string): string | null {
  return document.querySelector(`[data-testid="${testid}"]`)?.textContent.trim() ?? null;
}
