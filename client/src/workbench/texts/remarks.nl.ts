/** Wat de controle van methodes zegt, in het Nederlands: het Engels van `kring.methods`, met `{0}` waar iets ingevuld is. */
export const nl: Readonly<Record<string, string>> = {
  "`{0}` is not a key that is known here.{1} Known are {2}.": "`{0}` is hier geen bekend woord.{1} Bekend zijn {2}.",
  " Did you mean `{0}`?": " Bedoel je `{0}`?",
  "`{0}` is missing here; add a line `{1}: ...`.": "Hier ontbreekt `{0}`; voeg een regel `{1}: ...` toe.",
  "The text is missing in `{0}`; every text is there in nl, en and de.":
    "De tekst ontbreekt in `{0}`; elke tekst staat er in nl, en en de.",
  "`{0}` is not a language; write two small letters, such as `nl`, `en`, `de` or `fr`.":
    "`{0}` is geen taal; schrijf twee kleine letters, zoals `nl`, `en`, `de` of `fr`.",
  "`{0}` cannot be an id; use small letters, digits and hyphens, a letter first, 40 at most.":
    "`{0}` kan geen kenmerk zijn; gebruik kleine letters, cijfers en streepjes, eerst een letter, hooguit 40.",
  "{0} must be {1}, not {2}.": "{0} moet {1} zijn, niet {2}.",
  "Each entry of `{0}`": "Elk onderdeel van `{0}`",
  "a mapping (`key: value` lines)": "een lijst met namen (regels `naam: waarde`)",
  "a list (lines that start with `-`)": "een opsomming (regels die met `-` beginnen)",
  "a mapping": "een lijst met namen",
  "a list": "een opsomming",
  "a text": "een tekst",
  "a whole number": "een geheel getal",
  "a number": "een getal",
  "`true` or `false`": "`true` of `false`",
  "`{0}` is not possible for `{1}`.{2} Possible are {3}.": "`{0}` kan niet bij `{1}`.{2} Wel kan {3}.",
  "The text of `{0}` is empty; write it, or leave the whole text out.":
    "De tekst van `{0}` is leeg; schrijf hem, of laat de hele tekst weg.",
  "A phase must be able to end: list at least one of `done`, `time` or `agreed` in `ends`.":
    "Een stap moet kunnen eindigen: zet minstens één van `done`, `time` of `agreed` bij `ends`.",
  "`cases` is a whole number from 1 to 9, or the word `everyone`.":
    "`cases` is een geheel getal van 1 tot 9, of het woord `everyone`.",
  "`{0}` must be at least {1}.": "`{0}` moet minstens {1} zijn.",
  "`{0}` must be more than {1}.": "`{0}` moet meer dan {1} zijn.",
  "`{0}` must be at most {1}.": "`{0}` mag hooguit {1} zijn.",
  "`{0}` is empty; it needs at least {1}.": "`{0}` is leeg; er is minstens {1} nodig.",
  "`{0}` has more than {1}; leave some out.": "`{0}` heeft er meer dan {1}; laat er een paar weg.",
  "`{0}` says something twice; say it once.": "`{0}` zegt iets twee keer; zeg het één keer.",
  "`{0}` is empty; write something.": "`{0}` is leeg; schrijf iets.",
  "`{0}` is longer than {1} characters; make it shorter.": "`{0}` is langer dan {1} tekens; maak het korter.",
  "Meetings by this method can go in too many ways to look at all; take fewer phases or modules.":
    "Deze methode kan op te veel manieren verlopen om alles na te kijken; neem minder stappen of deelmethodes.",
  "`{0}` is owed, but nobody is there who may give it, so this phase waits for nobody; ask someone else, or change the roles or the group.":
    "`{0}` moet gegeven worden, maar er is niemand die dat mag, dus deze stap wacht voor niets; vraag het iemand anders, of verander de rollen of de groep.",
  "Nobody is left to be `{0}` (besides the owner, one role each); make `group.min` larger.":
    "Er is niemand over om `{0}` te zijn (naast de inbrenger heeft ieder één rol); maak `group.min` groter.",
  "Whoever decides here sits where nobody speaks, so nobody can; change `position`, or `by`.":
    "Wie hier beslist, zit waar niemand spreekt, dus het kan niet; verander `position` of `by`.",
  "{0} cases are chosen, but perhaps only {1} proposed; ask more people for a `case`.":
    "Er worden {0} vragen gekozen, maar misschien maar {1} ingebracht; vraag meer mensen om een `case`.",
  "Nobody is there to reply as `{0}`; remove `reply`, or ask someone else.":
    "Er is niemand om als `{0}` te antwoorden; haal `reply` weg, of vraag het iemand anders.",
  "`{0}` is no phase of `{1}` in `{2}`.{3} {4}": "`{0}` is geen stap van `{1}` in `{2}`.{3} {4}",
  "`{0}` is not in `{1}`, so there is nothing to drop.{2}":
    "`{0}` zit niet in `{1}`, dus er is niets om weg te laten.{2}",
  "There are {0}.": "Er zijn {0}.",
  "It has none there.": "Daar zijn er geen.",
  "{0} (This part comes from {1}.)": "{0} (Dit deel komt uit {1}.)",
  "{0} (Found with {1}: {2}.)": "{0} (Gevonden met {1}: {2}.)",
  "{0} people, nobody guides": "{0} mensen, niemand leidt",
  "{0} people, a member guides": "{0} mensen, een lid leidt",
  "{0} people, a guest guides": "{0} mensen, een gast leidt",
  "at once": "meteen",
  "Files extend each other in a circle ({0}); let one of them say all of it.":
    "Bestanden bouwen in een kring op elkaar ({0}); laat één ervan alles zeggen.",
  "`{0}` is no method of the library, and only those can be extended.{1} `kring methods list` names them.":
    "`{0}` is geen methode van de bibliotheek, en alleen daarop kan gebouwd worden.{1} `kring methods list` noemt ze.",
  "A method is a mapping: start the file with `kring: 1` and `id: ...`.":
    "Een methode is een lijst met namen: begin het bestand met `kring: 1` en `id: ...`.",
  "This is not a method: {0}.": "Dit is geen methode: {0}.",
  "`{0}` is advice, but this phase allows none; add `advice: true`, or ask for something else.":
    "`{0}` is advies, maar dat mag in deze stap niet; zet er `advice: true` bij, of vraag iets anders.",
  "Here the owner may not have told the case yet, so it is too early for advice; put a `tell` phase first.":
    "Hier heeft de inbrenger misschien nog niets verteld, dus het is te vroeg voor advies; zet er eerst een stap `tell` voor.",
  "This method says `advice: never`, and `{0}` is advice; ask for something else.":
    "Deze methode zegt `advice: never`, en `{0}` is advies; vraag iets anders.",
  "A phase of kind `{0}` is too early for advice; remove it, or say `advice: free` in the method.":
    "Een stap van de soort `{0}` is te vroeg voor advies; haal het weg, of zeg `advice: free` bij de methode.",
  "This method says `advice: never`; remove the advice from this phase, or change the method.":
    "Deze methode zegt `advice: never`; haal het advies uit deze stap, of verander de methode.",
  "{0} cases need as many owners, but a group may have {1}; take fewer cases.":
    "Voor {0} vragen zijn er evenveel inbrengers nodig, maar een groep kan er {1} hebben; neem minder vragen.",
  "`by: everyone` and `cases: everyone` belong together: everyone's case is taken up; write both, or neither.":
    "`by: everyone` en `cases: everyone` horen bij elkaar: ieders vraag komt aan bod; schrijf ze allebei, of geen van beide.",
  "There is no case to choose from: ask for a `case` in this phase or before (kind `collect` does).":
    "Er is geen vraag om uit te kiezen: vraag in deze stap of eerder om een `case` (de soort `collect` doet dat).",
  "No phase runs a module; add `runs: module` to one, or remove `modules`.":
    "Geen enkele stap gebruikt een deelmethode; zet `runs: module` bij een stap, of haal `modules` weg.",
  "Perhaps nobody proposes a case to choose from; ask for `case` with `least: 1` (whoever has none may pass).":
    "Misschien brengt niemand een vraag in om uit te kiezen; vraag om `case` met `least: 1` (wie er geen heeft, mag passen).",
  "No earlier phase here chooses the module that runs; add one with `choose: {what: module}` before it.":
    "Geen eerdere stap kiest hier welke deelmethode er komt; zet er een voor met `choose: {what: module}`.",
  "The cases are chosen already in an earlier phase; choose them once.":
    "De vragen zijn al gekozen in een eerdere stap; kies ze één keer.",
  "The case is chosen before its round; move this phase to `opening`.":
    "De vraag wordt voor de ronde gekozen; verplaats deze stap naar `opening`.",
  "`votes` is for `by: vote`, not for `{0}`; remove one of them.":
    "`votes` hoort bij `by: vote`, niet bij `{0}`; haal een van de twee weg.",
  "There are no modules to choose from; add `modules` to the method.":
    "Er zijn geen deelmethodes om uit te kiezen; voeg `modules` toe aan de methode.",
  "No later phase here runs what is chosen; add `runs: module` to one.":
    "Geen latere stap gebruikt hier wat gekozen is; zet `runs: module` bij een stap.",
  "A module is chosen anew in each round; remove `once`.":
    "Een deelmethode wordt elke ronde opnieuw gekozen; haal `once` weg.",
  "A phase of a module has no `{0}`; move it to the round.":
    "Een stap van een deelmethode heeft geen `{0}`; verplaats het naar de ronde.",
  "The phase that chooses the module may be skipped; remove its `skip: true`.":
    "De stap die de deelmethode kiest, mag overgeslagen worden; haal `skip: true` daar weg.",
  "Nothing is owed here, so it is never `done`; add `agreed` or `time`, or owe something (`least: 1`).":
    "Hier hoeft niets gegeven te worden, dus het is nooit `done`; zet er `agreed` of `time` bij, of vraag iets (`least: 1`).",
  "`agree: everyone` is about phases that end by agreement; add `agreed` to `ends`, or remove it.":
    "`agree: everyone` gaat over stappen die eindigen als men het eens is; zet `agreed` bij `ends`, of haal het weg.",
  "In a phase of kind `silence` nothing is given; use kind `write`.":
    "In een stap van de soort `silence` wordt niets gegeven; gebruik de soort `write`.",
  "Only a field with `kind: choice` has `choices`; remove one or change the other.":
    "Alleen een veld met `kind: choice` heeft `choices`; haal het ene weg of verander het andere.",
  "The form has a field `{0}` already; give this one another id.":
    "Het formulier heeft al een veld `{0}`; geef dit veld een ander kenmerk.",
  "A field of kind `given` needs `of`: what to pick from, such as `of: question`.":
    "Een veld van de soort `given` heeft `of` nodig: waaruit gekozen wordt, zoals `of: question`.",
  "Only a field with `kind: given` has `of`; remove one or change the other.":
    "Alleen een veld met `kind: given` heeft `of`; haal het ene weg of verander het andere.",
  "A field of kind `choice` needs at least two `choices`; add them.":
    "Een veld van de soort `choice` heeft minstens twee `choices` nodig; voeg ze toe.",
  "The set `{0}` has no fields; add some, or remove it.":
    "De verzameling `{0}` heeft geen velden; voeg er een paar toe, of haal haar weg.",
  "Whoever sits `{0}` gives nothing; ask others than `{1}`, or change `position`.":
    "Wie `{0}` zit, geeft niets; vraag anderen dan `{1}`, of verander `position`.",
  "`least` is {0}, but no more than `most` ({1}) may be given; change one of them.":
    "`least` is {0}, maar er mag niet meer dan `most` ({1}) gegeven worden; verander een van de twee.",
  "`{0}` is asked of the same people twice in this phase; make one of the two.":
    "`{0}` wordt in deze stap twee keer aan dezelfde mensen gevraagd; maak er één van.",
  "Whoever is `out` hears nothing, so should read nothing; add `withheld: {from: {0}, until: ...}`.":
    "Wie `out` is, hoort niets en hoort dus ook niets te lezen; zet er `withheld: {from: {0}, until: ...}` bij.",
  "Nobody speaks in a phase with `silence: true`; write `by: written`.":
    "Niemand spreekt in een stap met `silence: true`; schrijf `by: written`.",
  "`turns: alone` means all at once and in silence; write `by: written`.":
    "`turns: alone` betekent allemaal tegelijk en in stilte; schrijf `by: written`.",
  "What is said aloud cannot be hidden; write `by: written`, or `hidden: no`.":
    "Wat hardop gezegd wordt, kan niet verborgen zijn; schrijf `by: written` of `hidden: no`.",
  "A follow-up comes after a reply; add `reply: {}` here, or remove it.":
    "Een vervolgvraag komt na een antwoord; zet er `reply: {}` bij, of haal haar weg.",
  "`{0}` needs the owner among those who give; write `who: everyone`.":
    "`{0}` vraagt dat de inbrenger ook iets geeft; schrijf `who: everyone`.",
  "There is no owner before the round begins; write `everyone`, or move this to `round`.":
    "Voor de ronde begint is er geen inbrenger; schrijf `everyone`, of verplaats dit naar `round`.",
  "After the last round only its owner is meant; move this phase to the end of `round`.":
    "Na de laatste ronde geldt dit alleen voor de laatste inbrenger; verplaats deze stap naar het eind van `round`.",
  "Nobody may be facilitating; add `facilitator: needed` to the method, or ask someone else.":
    "Misschien leidt niemand het gesprek; zet `facilitator: needed` bij de methode, of vraag het iemand anders.",
  "No phase before this one fills the role `{0}`; add `fills: [{1}]` to an earlier phase.":
    "Geen eerdere stap geeft iemand de rol `{0}`; zet `fills: [{1}]` bij een eerdere stap.",
  "`hidden: done` waits for what is owed, but nothing is; add `least: 1`, or write `hidden: end`.":
    "`hidden: done` wacht op wat gegeven moet worden, maar dat is er niet; zet er `least: 1` bij, of schrijf `hidden: end`.",
  "Nothing is given here that could be withheld; remove `withheld`.":
    "Hier wordt niets gegeven dat achtergehouden kan worden; haal `withheld` weg.",
  "There is no owner before the round begins from whom this could be kept.":
    "Voor de ronde begint is er geen inbrenger voor wie dit verborgen kan blijven.",
  "`once` is for phases of `round`; {0} has them once anyhow, so remove it.":
    "`once` is voor stappen van `round`; in {0} komen ze toch al één keer, dus haal het weg.",
  "`{0}` sits `{1}` and cannot reply; remove `reply`, or change `position`.":
    "`{0}` zit `{1}` en kan niet antwoorden; haal `reply` weg, of verander `position`.",
  "One person replies, not `{0}`; write {1}.": "Eén persoon antwoordt, niet `{0}`; schrijf {1}.",
  "`owner`, `facilitator` or a role": "`owner`, `facilitator` of een rol",
  "`{0}` cannot reply to themselves; change one of them.":
    "`{0}` kan niet zichzelf antwoorden; verander een van de twee.",
  "Nothing is given here that could be hidden; remove `hidden`.":
    "Hier wordt niets gegeven dat verborgen kan zijn; haal `hidden` weg.",
  "Nobody can reply to what is hidden; remove `hidden` or `reply`.":
    "Op wat verborgen is kan niemand antwoorden; haal `hidden` of `reply` weg.",
  "There is no owner before the round begins; remove this, or move the phase to `round`.":
    "Voor de ronde begint is er geen inbrenger; haal dit weg, of verplaats de stap naar `round`.",
  "Everyone votes in this phase, but whoever sits `{0}` cannot; change one of the two.":
    "In deze stap stemt iedereen, maar wie `{0}` zit, kan dat niet; verander een van de twee.",
  "`{0}` is about turns; add `turns: circle` here, or remove it.":
    "`{0}` gaat over beurten; zet er `turns: circle` bij, of haal het weg.",
  "This text is not there in `{0}`, though the name of the method is; add it.":
    "Deze tekst is er niet in `{0}`, terwijl de naam van de methode er wel in is; voeg hem toe.",
  "The phases take {0} minutes ({1}), not {2}; change one of them.":
    "De stappen duren {0} minuten ({1}), niet {2}; verander een van de twee.",
  "Module `{0}` takes {1} minutes, but the phase that runs it has {2}; make it shorter.":
    "Deelmethode `{0}` duurt {1} minuten, maar de stap waarin zij loopt heeft er {2}; maak haar korter.",
  "`hours` are for the written form; say `ways: [spoken, written]` in the method, or remove them.":
    "`hours` zijn voor de schriftelijke vorm; zeg `ways: [spoken, written]` bij de methode, of haal ze weg.",
  "`min` is more than `max` ({0}); swap them.": "`min` is meer dan `max` ({0}); draai ze om.",
  "`{0}` is no {1} of this method.{2} {3}": "`{0}` is geen {1} van deze methode.{2} {3}",
  role: "rol",
  form: "formulier",
  "set of fields": "verzameling velden",
  "seat to place": "plek",
  "later phase": "latere stap",
  "There are none in this method.": "In deze methode zijn er geen.",
  "A phase with the id `{0}` is already there in line {1}; give this one another.":
    "Er is al een stap met het kenmerk `{0}`, op regel {1}; geef deze een ander.",
  "`{0}` does not come after this phase every time; {1}.": "`{0}` komt niet altijd na deze stap; {1}.",
  "name a later phase, or {0}": "noem een latere stap, of {0}",
  "`{0}` means something else in `until`; give this phase another id.":
    "`{0}` betekent bij `until` iets anders; geef deze stap een ander kenmerk.",
  "Every method has `{0}` already; remove it from `roles`.": "Elke methode heeft `{0}` al; haal het uit `roles`.",
  "Nothing uses the form `{0}`; use it in a `form:`, or remove it.":
    "Niets gebruikt het formulier `{0}`; gebruik het in een `form:`, of haal het weg.",
  "Nothing uses the fields `{0}`; use them in a `fields:`, or remove them.":
    "Niets gebruikt de velden `{0}`; gebruik ze in een `fields:`, of haal ze weg.",
  "No phase fills the role `{0}`; add it to the `fills` of a phase, or remove it.":
    "Geen stap geeft iemand de rol `{0}`; zet haar bij `fills` van een stap, of haal haar weg.",
  "The role `{0}` does nothing; give it a prompt or something to give.":
    "De rol `{0}` doet niets; geef haar een schermtekst of iets om te geven.",
  "Nobody tells {0} what to do in this phase; add prompts for them.":
    "Niemand zegt {0} wat er in deze stap te doen is; voeg `prompts` voor hen toe.",
  "There is no method `{0}`.{1} There are: {2}.": "Er is geen methode `{0}`.{1} Er zijn: {2}.",
  "This is not YAML ({0}); check the indentation, the quotes and the colons around here.":
    "Dit is geen YAML ({0}); kijk hier het inspringen, de aanhalingstekens en de dubbele punten na.",
  "The file is larger than {0} KiB; a method needs far less, so shorten its texts.":
    "Het bestand is groter dan {0} KiB; een methode heeft veel minder nodig, dus kort de teksten in.",
  "There is a control character here ({0}); remove it.": "Hier staat een stuurteken ({0}); haal het weg.",
  "The file is not UTF-8 here; save it again with the encoding UTF-8.":
    "Het bestand is hier geen UTF-8; bewaar het opnieuw met de codering UTF-8.",
  "The file is empty; a method starts with `kring: 1`.": "Het bestand is leeg; een methode begint met `kring: 1`.",
  "Lines that start with `%` have no meaning here; remove them.":
    "Regels die met `%` beginnen hebben hier geen betekenis; haal ze weg.",
  "A second document starts here; a file holds one method, so remove the `---`.":
    "Hier begint een tweede document; een bestand bevat één methode, dus haal `---` weg.",
  "The file holds more than {0} values; a method needs far fewer.":
    "Het bestand bevat meer dan {0} waarden; een methode heeft er veel minder nodig.",
  "This is nested more than {0} deep; a method needs far less.":
    "Dit is dieper genest dan {0}; een methode heeft veel minder nodig.",
  "`*{0}` refers to an anchor; anchors have no meaning here, so write it out.":
    "`*{0}` verwijst naar een anker; ankers hebben hier geen betekenis, dus schrijf het uit.",
  "Anchors (`&`) have no meaning here; remove it and write the text out where it is needed.":
    "Ankers (`&`) hebben hier geen betekenis; haal het weg en schrijf de tekst uit waar die nodig is.",
  "Tags (`!`) have no meaning here; remove it, or put the text in quotes.":
    "Labels (`!`) hebben hier geen betekenis; haal het weg, of zet de tekst tussen aanhalingstekens.",
  "{0} has no value; write one, or leave the line out.": "{0} heeft geen waarde; schrijf er een, of laat de regel weg.",
  "A key must be one word; lists and mappings cannot be keys.":
    "Een naam moet één woord zijn; een opsomming of lijst kan geen naam zijn.",
  "Merge keys (`<<`) have no meaning here; write the lines out.":
    "`<<` heeft hier geen betekenis; schrijf de regels uit.",
  "`{0}` is here a second time (first in line {1}); keep one of them.":
    "`{0}` staat hier voor de tweede keer (eerst op regel {1}); houd er één.",
  "Nobody gives a `{0}` in this method; pick from something else.":
    "Niemand geeft in deze methode een `{0}`; laat uit iets anders kiezen.",
};
