// The story page: ?story=gossip&who=ssamira00&table=false&lang=nl
import "@fontsource-variable/atkinson-hyperlegible-next";
import { mount } from "svelte";
import { choose, type Language } from "../../../design/language.svelte.ts";
import { type Method, readMethod } from "../../../protocol/method.ts";
import App from "../App.svelte";
import "../../../../../src/kring_web/web/static/web/tokens.css";
import "../../../design/base.css";
import { FakeRoom } from "./fake.svelte.ts";
import { STORIES } from "./stories.ts";
import { NOW } from "./views.ts";

async function load(id: string): Promise<[string, Method]> {
  const answer = await fetch(`methods/${id}.json`);
  return [id, readMethod(await answer.json())];
}

const asked = new URLSearchParams(location.search);
const name = asked.get("story") ?? "gossip";
const table = asked.get("table") === "true";
const methods = Object.fromEntries(await Promise.all(["linxx-9", "leading-org-7"].map(load)));
await choose((asked.get("lang") ?? "nl") as Language);

const story = STORIES[name];
const target = document.getElementById("room");
if (story && target) {
  const made = story(methods, table ? null : (asked.get("who") ?? "ssamira00"), table);
  const method = methods[made.view?.meeting.method ?? "linxx-9"];
  if (method) {
    const room = new FakeRoom(made, method);
    room.time = NOW;
    const sounds = { on: true, unlock: () => undefined, play: () => undefined };
    mount(App, {
      target,
      props: { room, page: { table, practice: asked.get("practice") === "true", days: 30, leads: false, sounds } },
    });
    Object.assign(window, { room });
  }
}
