/** Wat elk woord van de methodetaal betekent, in het Nederlands: het Engels van het schema (`kring.methods.meanings`). */
export const nl: Readonly<Record<string, string>> = {
  "`vote`: most votes; a tie goes to whoever waited longest, then to the lot. `urgency`: everyone rates each from 1 to 5. `rotation`: whoever waited longest. `lot`. `everyone`: all in circle order, with `cases: everyone`. `facilitator`: the facilitator decides with the group.":
    "`vote`: de meeste stemmen; bij gelijke stand wie het langst wachtte, daarna het lot. `urgency`: ieder geeft elke vraag een cijfer van 1 tot 5. `rotation`: wie het langst wachtte. `lot`: het lot. `everyone`: allemaal, de kring rond, met `cases: everyone`. `facilitator`: de gespreksleider beslist met de groep.",
  "How many votes each has.": "Hoeveel stemmen ieder heeft.",
  "The cases to take up, or the module to run.": "De vragen die aan bod komen, of de deelmethode die volgt.",
  "By how many minutes at most each time.": "Met hoeveel minuten hooguit, elke keer.",
  "How often.": "Hoe vaak.",
  "A question in this field.": "Een vraag in dit veld.",
  "What people call it.": "Hoe mensen het noemen.",
  "The lines of the form.": "De regels van het formulier.",
  "For `choice`: the texts by id.": "Bij `choice`: de teksten, elk met een kenmerk.",
  "One text in several languages.": "Eén tekst in meer talen.",
  "Unique in the form.": "Eén keer in het formulier.",
  "How the screen asks for it. `given`: pick one of what was given before; `of` says of what.":
    "Hoe het scherm erom vraagt. `given`: kies uit wat eerder gegeven is; `of` zegt waaruit.",
  "What stands above it.": "Wat erboven staat.",
  "For `given`: what is picked from, such as `question`.": "Bij `given`: waaruit gekozen wordt, zoals `question`.",
  "`true`: it may stay empty.": "`true`: het mag leeg blijven.",
  "How many words at most.": "Hooguit zoveel woorden.",
  "Said aloud, written, or either.": "Gezegd, geschreven, of allebei goed.",
  "The set of fields that a question may be tagged with.": "De verzameling velden waaruit een vraag een label krijgt.",
  "`true`: after the reply one may ask once more.": "`true`: na het antwoord mag men nog één keer vragen.",
  "The form in which it is written.": "Het formulier waarin het geschreven wordt.",
  "How many each owes; a pass counts as given.": "Hoeveel ieder moet geven; passen telt als gegeven.",
  "How many each may give.": "Hoeveel ieder mag geven.",
  "Where the owner comes in the circle.": "Wanneer de inbrenger aan de beurt is in de kring.",
  "The turn that follows each turn; `{}` is an answer by the owner.":
    "De beurt die op elke beurt volgt; `{}` is een antwoord van de inbrenger.",
  "`circle`: one at a time, in circle order. `free`: whenever one likes. `alone`: all at once, in silence.":
    "`circle`: om de beurt, de kring rond. `free`: wanneer men wil. `alone`: allemaal tegelijk, in stilte.",
  "What it is.": "Wat het is.",
  "`owner`, `participant` (everyone but the owner), `everyone`, `facilitator` or a role.":
    "`owner` (de inbrenger), `participant` (ieder ander), `everyone`, `facilitator` (de gespreksleider) of een rol.",
  "The largest group.": "De grootste groep.",
  "The smallest group.": "De kleinste groep.",
  "`never`; `late`: only in phases that say so, after the owner has told the case; `free`: everywhere.":
    "`never`: nooit; `late`: alleen in stappen die dat zeggen, nadat de inbrenger verteld heeft; `free`: overal.",
  "How many cases are taken up, or `everyone`.": "Hoeveel vragen er aan bod komen, of `everyone`.",
  "What to beware of; here belongs that a name or a text is protected.":
    "Waar je op moet letten; hier hoort ook dat een naam of tekst beschermd is.",
  "When to take this method.": "Wanneer je deze methode kiest.",
  "The phases after the last case.": "De stappen na de laatste vraag.",
  "The id of the method of the library of which this file says only what differs.":
    "Het kenmerk van de methode waarvan dit bestand alleen zegt wat anders is.",
  "`needed`, or `optional`: the method may guide by itself.":
    "`needed`: nodig, of `optional`: de methode kan zelf leiden.",
  "`true`: it is among the few that are shown first.": "`true`: het is een van de weinige die vooraan staan.",
  "For the facilitator: how to speak about each other's work here.":
    "Voor de gespreksleider: hoe je hier over elkaars werk praat.",
  "Sets to think in, which a question can be tagged with, by id.":
    "Verzamelingen om in te denken, waaruit een vraag een label kan krijgen, elk met een kenmerk.",
  "`true`: it suits people who never did this before.": "`true`: geschikt voor wie dit nog nooit deed.",
  "What is written, field by field, by id.": "Wat er geschreven wordt, veld voor veld, elk met een kenmerk.",
  "What a written contribution looks like. Its content stays sealed: the server never checks it.":
    "Hoe een geschreven bijdrage eruitziet. De inhoud blijft verzegeld: de server kijkt er nooit in.",
  "How many take part, case owner included.": "Hoeveel mensen meedoen, de inbrenger meegeteld.",
  "Also the name of the file.": "Ook de naam van het bestand.",
  "The version of this language.": "De versie van deze taal.",
  "What it works on.": "Waaraan het werkt.",
  "How long it takes altogether: all phases, those of the round once for each case.":
    "Hoe lang het bij elkaar duurt: alle stappen, die van de ronde een keer voor elke vraag.",
  "Sub-protocols of which the group chooses one on the spot, by id.":
    "Deelmethodes waarvan de groep er ter plekke één kiest, elk met een kenmerk.",
  "A sub-protocol that may be chosen on the spot and runs in place of a phase with ``runs: module``.":
    "Een deelmethode die ter plekke gekozen kan worden, en loopt in plaats van een stap met `runs: module`.",
  "When not to.": "Wanneer niet.",
  "The phases before the cases.": "De stappen voor de vragen.",
  "What people do before they come.": "Wat mensen doen voordat ze komen.",
  "Roles beyond owner, participant and facilitator, by id.":
    "Rollen naast inbrenger, deelnemer en gespreksleider, elk met een kenmerk.",
  "A role beyond the three. ``apart``: whoever has it gives nothing as a participant (an observer).":
    "Een rol naast de drie. `apart`: wie haar heeft, geeft niets als deelnemer (een waarnemer).",
  "The phases for each case.": "De stappen voor elke vraag.",
  "For the facilitator: when to take more time.": "Voor de gespreksleider: wanneer je meer tijd neemt.",
  "Where it comes from.": "Waar het vandaan komt.",
  "What the case owner brings.": "Wat de inbrenger meebrengt.",
  "`true`: a phase goes on to the next when time is up; otherwise it only signals.":
    "`true`: als de tijd om is, gaat het vanzelf verder; anders is er alleen een teken.",
  "Two or three sentences: what happens, and what for.": "Twee of drie zinnen: wat er gebeurt, en waarvoor.",
  "How much trust it asks.": "Hoeveel vertrouwen het vraagt.",
  "`spoken`: together, in `minutes`. `written`: over days, in `hours`.":
    "`spoken`: samen, in `minutes`. `written`: verspreid over dagen, in `hours`.",
  "Its phases.": "De stappen ervan.",
  "What it is good for.": "Waar het goed voor is.",
  "`true`: advice is allowed here.": "`true`: advies mag hier.",
  "Who must agree for `agreed`: `most`, or `everyone` who is there and not silenced.":
    "Wie het eens moet zijn voor `agreed`: de meesten (`most`), of ieder die er is en mag spreken (`everyone`).",
  "What is chosen here, and how.": "Wat hier gekozen wordt, en hoe.",
  "`done`: nobody owes anything, the choice is made, the roles are filled. `time`: at the deadline. `agreed`: the facilitator says so, or a majority where nobody facilitates, when nothing is owed.":
    "`done`: alles is gegeven, de keuze is gemaakt, de rollen zijn bezet. `time`: als de tijd om is. `agreed`: de gespreksleider zegt het, of een meerderheid als niemand leidt, zodra alles gegeven is.",
  "How often, and by how many minutes each time, it may take longer; never, if left out.":
    "Hoe vaak, en met hoeveel minuten per keer, het langer mag duren; nooit, als dit ontbreekt.",
  "Roles that someone takes in this phase; it waits for that.":
    "Rollen die iemand in deze stap neemt; de stap wacht daarop.",
  "What may or must be given.": "Wat er gegeven mag of moet worden.",
  "`done`: what is written stays hidden until nobody owes anything. `end`: until the phase ends.":
    "`done`: wat geschreven is blijft verborgen tot iedereen klaar is. `end`: tot het eind van de stap.",
  "For the facilitator: what goes wrong here as a rule, and what to do then.":
    "Voor de gespreksleider: wat hier vaak misgaat, en wat je dan doet.",
  "How long it takes in the written form. The kind supplies it too.":
    "Hoe lang het schriftelijk duurt. De soort vult het anders in.",
  "Unique in the whole method; not `end`, `close` or `never`.":
    "Eén keer in de hele methode; niet `end`, `close` of `never`.",
  "What kind of phase it is: shorthand for the other keys.": "Wat voor stap het is; dat vult de rest alvast in.",
  "How long it takes when people sit together; `1.5` is possible.":
    "Hoe lang het duurt als mensen bij elkaar zitten; `1.5` kan ook.",
  "`true`: only in the first round.": "`true`: alleen in de eerste ronde.",
  "Where the `owner`, each `participant` or a role sits; whoever is not named is `in` the circle.":
    "Waar de inbrenger (`owner`), elke deelnemer (`participant`) of een rol zit; wie niet genoemd is, zit in de kring (`in`).",
  "What the screen tells `owner`, `participant`, `facilitator`, a role, `everyone` without a prompt of their own, the `speaker` (whoever has the floor) and the `chooser` (whoever may choose now).":
    "Wat het scherm zegt tegen `owner`, `participant`, `facilitator`, een rol, ieder zonder eigen tekst (`everyone`), wie aan de beurt is (`speaker`) en wie nu mag kiezen (`chooser`).",
  "What a screen tells one role: one thing to do, and one quieter line of why or what not.":
    "Wat het scherm tegen één rol zegt: één ding om te doen, en een stillere regel: waarom, of wat niet.",
  "`module`: the phases of the chosen module run in place of this one.":
    "`module`: de stappen van de gekozen deelmethode komen in plaats van deze.",
  "`true`: nobody speaks.": "`true`: niemand spreekt.",
  "`true`: the facilitator may leave this phase out.": "`true`: de gespreksleider mag deze stap overslaan.",
  "Who set the minutes: the `source`, or `ours`.":
    "Van wie de minuten zijn: uit de bron (`source`) of van ons (`ours`).",
  "Whoever speaks when time is up may finish.": "Wie spreekt als de tijd om is, mag uitspreken.",
  "What is given here is kept from some people for longer.": "Wat hier gegeven wordt, zien sommigen pas later.",
  "One thing to do.": "Eén ding om te doen.",
  "One quieter line: why, or what not.": "Een stillere regel: waarom, of wat niet.",
  "What they give.": "Wat zij geven.",
  "One person: `owner`, `facilitator` or a role.": "Eén persoon: `owner`, `facilitator` of een rol.",
  "`true`: whoever has it gives nothing as a participant.": "`true`: wie deze rol heeft, geeft niets als deelnemer.",
  "A page, a book, or what is from memory.": "Een pagina, een boek, of wat uit het hoofd komt.",
  "`stated` in a source text, `found` on a page, or `unverified`.":
    "`stated`: staat in een bron, `found`: gevonden op een pagina, of `unverified`: niet nagekeken.",
  "From whom.": "Voor wie.",
  "The id of a later phase, `end` (of this phase), `close` (of the meeting) or `never`.":
    "Het kenmerk van een latere stap, `end` (van deze stap), `close` (van de bijeenkomst) of `never`.",
  "One field of a set that questions may be tagged with, with an example question.":
    "Eén veld uit een verzameling labels voor vragen, met een voorbeeldvraag.",
  "What differs in a phase of the method that is extended, and the phases put around it.":
    "Wat anders is in een stap van de oorspronkelijke methode, en de stappen eromheen.",
};
