// The room island: `<div id="room" data-meeting data-practice data-table>` of the Django page becomes the room.
import { mount } from "svelte";
import { language } from "../design/language.svelte.ts";
import { Kept } from "../transport/storage.ts";
import { Sounds } from "./sound/sounds.ts";
import { RoomStore } from "./state/room.svelte.ts";
import { Visits } from "./state/visits.ts";
import App from "./ui/App.svelte";
import "../design/base.css";

const DAYS = 30;

const target = document.getElementById("room");
if (target) {
  const { meeting = "", practice, table, contentDays, contentEnds } = target.dataset;
  const room = new RoomStore({
    meeting,
    practice: practice === "true",
    table: table === "true",
    fragment: location.hash,
  });
  document.documentElement.lang = language.value;
  room.start();
  // A link pasted over this one carries another key: only a fresh page can open with it.
  window.addEventListener("hashchange", () => location.reload());
  const leads = room.practice && new Kept<string>(sessionStorage, `kring:role:${meeting}`).read() === "facilitator";
  const page = {
    leads,
    table: room.table,
    practice: room.practice,
    days: Number(contentDays) || DAYS,
    ends: Number(contentEnds),
    visits: new Visits(localStorage, meeting),
    sounds: new Sounds(),
  };
  mount(App, { target, props: { room, page } });
}
