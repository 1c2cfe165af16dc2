// The page of a method: starts a meeting or practice with it, and reads it aloud.
import "./start.ts";
import { readAloud } from "./readaloud.ts";

readAloud(document, window.speechSynthesis);
