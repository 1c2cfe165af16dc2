// The workbench: `<div id="workbench">` of the Django page becomes the place where methods are changed and made.
import { mount } from "svelte";
import { language } from "./texts/language.svelte.ts";
import { check, publish } from "./workbench/api.ts";
import { Bench } from "./workbench/bench.svelte.ts";
import { Drafts } from "./workbench/drafts.ts";
import Workbench from "./workbench/Workbench.svelte";
import "./ui/tokens.css";
import "./ui/base.css";
import "./workbench/workbench.css";

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
