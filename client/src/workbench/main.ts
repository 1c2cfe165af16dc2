// The workbench: `<div id="workbench">` of the Django page becomes the place where methods are changed and made.
import { mount } from "svelte";
import { language } from "../design/language.svelte.ts";
import { check, publish } from "./state/api.ts";
import { Bench } from "./state/bench.svelte.ts";
import { Drafts } from "./state/drafts.ts";
import Workbench from "./ui/Workbench.svelte";
import "../design/base.css";
import "./ui/workbench.css";

const target = document.getElementById("workbench");
if (target) {
  document.documentElement.lang = language.value;
  const drafts = new Drafts(localStorage);
  const bench = new Bench(drafts, { check, publish });
  bench.writes = language.value;
  Drafts.listen((id) => bench.otherWindow(id));
  window.addEventListener("beforeunload", (event) => {
    if (!bench.kept) event.preventDefault();
  });
  mount(Workbench, { target, props: { bench, drafts, from: new URLSearchParams(location.search).get("from") ?? "" } });
}
