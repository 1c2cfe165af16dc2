// The workbench: mounts the method editor in `<div id="workbench">` of the Django page.
import { mount } from "svelte";
import { language } from "../design/language.svelte.ts";
import { ready } from "../design/ready.ts";
import { surviveTranslation } from "../design/translated.ts";
import { localStore } from "../transport/storage.ts";
import { check, publish } from "./state/api.ts";
import { Drafts } from "./state/drafts.ts";
import { Editor } from "./state/editor.svelte.ts";
import Workbench from "./ui/Workbench.svelte";
import "../design/base.css";
import "./ui/workbench.css";

const target = document.getElementById("workbench");
if (target) {
  document.documentElement.lang = language.value;
  const drafts = new Drafts(localStore);
  const editor = new Editor(drafts, { check, publish });
  editor.language = language.value;
  Drafts.listen((id) => editor.otherWindow(id));
  window.addEventListener("beforeunload", (event) => {
    if (!editor.saved) event.preventDefault();
  });
  await ready(target);
  surviveTranslation(target);
  mount(Workbench, { target, props: { editor, drafts, from: new URLSearchParams(location.search).get("from") ?? "" } });
}
