// Every language's texts, before any test: pages fetch only those of the language in use.
import { loadTexts } from "../src/design/language.svelte.ts";
import { LANGUAGES } from "../src/design/languages.gen.ts";
import "../src/design/texts/catalogues.ts";
import "../src/room/ui/context.ts";
import "../src/workbench/ui/catalogue.ts";
import "../src/workbench/ui/meanings.ts";
import "../src/workbench/ui/remarks.ts";

await Promise.all(LANGUAGES.map(loadTexts));
