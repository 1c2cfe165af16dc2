// Mounts the room in `<div id="room" data-meeting data-practice data-table>` of the Django page.
import { mount } from "svelte";
import { language } from "../design/language.svelte.ts";
import { ready } from "../design/ready.ts";
import { surviveTranslation } from "../design/translated.ts";
import { StoredValue, sessionStore } from "../transport/storage.ts";
import { Sounds } from "./sound/sounds.ts";
import { RoomStore } from "./state/room.svelte.ts";
import { Visits } from "./state/visits.ts";
import App from "./ui/App.svelte";
import "../design/base.css";

const DAYS = 30;

const target = document.getElementById("room");
if (target) {
  const { meeting = "", practice, table, contentDays, contentEnds, invitation } = target.dataset;
  const { hash } = location;
  const room = new RoomStore({
    meeting,
    practice: practice === "true",
    table: table === "true",
    fragment: hash,
  });
  // What brought a seat along is used once, and doesn't stay in the address that one might share.
  if (/&[dv]=/.test(location.hash)) history.replaceState(null, "", location.hash.replace(/&[dv]=[^&]*/g, ""));
  document.documentElement.lang = language.value;
  room.start();
  // A link pasted into the address bar has another key, which only a reloaded page can use.
  window.addEventListener("hashchange", () => location.reload());
  const role = new StoredValue<string>(sessionStore, `kring:role:${meeting}`).read();
  const page = {
    leads: room.practice && (role === "facilitator" || hash.includes("&role=facilitator")),
    atTable: new StoredValue<string>(sessionStore, `kring:sits:${meeting}`).read() === "table",
    invitation,
    table: room.table,
    practice: room.practice,
    days: Number(contentDays) || DAYS,
    ends: Number(contentEnds),
    keepsScreenOn: true,
    visits: new Visits(room.keeping, meeting),
    sounds: new Sounds(),
  };
  await ready(target);
  surviveTranslation(target);
  mount(App, { target, props: { room, page } });
}
