"""What each key of the language means, in one sentence: for editors (by the schema) and for the reference."""

from __future__ import annotations

MEANINGS: dict[str, dict[str, str]] = {
    "Method": {
        "kring": "The version of this language.",
        "id": "Also the name of the file.",
        "name": "What people call it.",
        "summary": "Two or three sentences: what happens, and what for.",
        "source": "Where it comes from.",
        "group": "How many take part, case owner included.",
        "minutes": "How long it takes altogether: all phases, those of the round once for each case.",
        "level": "What it works on.",
        "advice": "`never`; `late`: only in phases that say so, after the owner has told the case; `free`: everywhere.",
        "opening": "The phases before the cases.",
        "round": "The phases for each case.",
        "closing": "The phases after the last case.",
        "cases": "How many cases are taken up, or `everyone`.",
        "strict": "`true`: a phase goes on to the next when time is up; otherwise it only signals.",
        "facilitator": "`needed`, or `optional`: the method may guide by itself.",
        "roles": "Roles beyond owner, participant and facilitator, by id.",
        "forms": "What is written, field by field, by id.",
        "fields": "Sets to think in, which a question can be tagged with, by id.",
        "modules": "Sub-protocols of which the group chooses one on the spot, by id.",
        "ways": "`spoken`: together, in `minutes`. `written`: over days, in `hours`.",
        "prepare": "What people do before they come.",
        "trust": "How much trust it asks.",
        "starts-from": "What the case owner brings.",
        "first-time": "`true`: it suits people who never did this before.",
        "featured": "`true`: it is among the few that are shown first.",
        "choose-when": "When to take this method.",
        "not-when": "When not to.",
        "caution": "What to beware of; here belongs that a name or a text is protected.",
        "feedback": "For the facilitator: how to speak about each other's work here.",
        "slow-down": "For the facilitator: when to take more time.",
        "extends": "The id of the method of the library of which this file says only what differs.",
    },
    "Phase": {
        "id": "Unique in the whole method; not `end`, `close` or `never`.",
        "kind": "What kind of phase it is: shorthand for the other keys.",
        "name": "What people call it.",
        "minutes": "How long it takes when people sit together; `1.5` is possible.",
        "hours": "How long it takes in the written form. The kind supplies it too.",
        "spread": "Who set the minutes: the `source`, or `ours`.",
        "gives": "What may or must be given.",
        "position": "Where the `owner`, each `participant` or a role sits; whoever is not named is `in` the circle.",
        "hidden": "`done`: what is written stays hidden until nobody owes anything. `end`: until the phase ends.",
        "withheld": "What is given here is kept from some people for longer.",
        "advice": "`true`: advice is allowed here.",
        "silence": "`true`: nobody speaks.",
        "ends": (
            "`done`: nobody owes anything, the choice is made, the roles are filled. `time`: at the deadline. `agreed`: "
            "the facilitator says so, or a majority where nobody facilitates, when nothing is owed."
        ),
        "agree": "Who must agree for `agreed`: `most`, or `everyone` who is there and not silenced.",
        "wait": "Whoever speaks when time is up may finish.",
        "skip": "`true`: the facilitator may leave this phase out.",
        "extend": "How often, and by how many minutes each time, it may take longer; never, if left out.",
        "choose": "What is chosen here, and how.",
        "fills": "Roles that someone takes in this phase; it waits for that.",
        "runs": "`module`: the phases of the chosen module run in place of this one.",
        "once": "`true`: only in the first round.",
        "prompts": (
            "What the screen tells `owner`, `participant`, `facilitator`, a role, `everyone` without a prompt of their own, "
            "the `speaker` (whoever has the floor) and the `chooser` (whoever may choose now)."
        ),
        "hints": "For the facilitator: what goes wrong here as a rule, and what to do then.",
    },
    "Give": {
        "who": "`owner`, `participant` (everyone but the owner), `everyone`, `facilitator` or a role.",
        "what": "What it is.",
        "least": "How many each owes; a pass counts as given.",
        "most": "How many each may give.",
        "turns": "`circle`: one at a time, in circle order. `free`: whenever one likes. `alone`: all at once, in silence.",
        "order": "Where the owner comes in the circle.",
        "by": "Said aloud, written, or either.",
        "form": "The form in which it is written.",
        "fields": "The set of fields that a question may be tagged with.",
        "reply": "The turn that follows each turn; `{}` is an answer by the owner.",
        "follow-up": "`true`: after the reply one may ask once more.",
    },
    "Reply": {"who": "One person: `owner`, `facilitator` or a role.", "what": "What they give."},
    "Choose": {
        "what": "The cases to take up, or the module to run.",
        "by": (
            "`vote`: most votes; a tie goes to whoever waited longest, then to the lot. `urgency`: everyone rates each from 1 "
            "to 5. `rotation`: whoever waited longest. `lot`. `everyone`: all in circle order, with `cases: everyone`. "
            "`facilitator`: the facilitator decides with the group."
        ),
        "votes": "How many votes each has.",
    },
    "Withheld": {
        "from": "From whom.",
        "until": "The id of a later phase, `end` (of this phase), `close` (of the meeting) or `never`.",
    },
    "Extend": {"times": "How often.", "minutes": "By how many minutes at most each time."},
    "Prompt": {"do": "One thing to do.", "why": "One quieter line: why, or what not."},
    "Role": {"name": "What people call it.", "apart": "`true`: whoever has it gives nothing as a participant."},
    "Module": {"name": "What people call it.", "summary": "What it is good for.", "phases": "Its phases."},
    "Form": {"fields": "The lines of the form."},
    "FormField": {
        "id": "Unique in the form.",
        "name": "What stands above it.",
        "kind": "How the screen asks for it. `given`: pick one of what was given before; `of` says of what.",
        "choices": "For `choice`: the texts by id.",
        "of": "For `given`: what is picked from, such as `question`.",
        "words": "How many words at most.",
        "optional": "`true`: it may stay empty.",
    },
    "Field": {"name": "What people call it.", "example": "A question in this field."},
    "Source": {
        "ref": "A page, a book, or what is from memory.",
        "status": "`stated` in a source text, `found` on a page, or `unverified`.",
    },
    "Group": {"min": "The smallest group.", "max": "The largest group."},
}
"""By part of the model, then by key."""
