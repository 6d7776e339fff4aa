//! The rules over files. Each says why it exists; each has a test that breaks it.

mod code;
mod layout;
mod locales;
mod texts;

use crate::Finding;
use crate::tree::Tree;

/// A rule of the house.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Short name, as printed.
    pub name: &'static str,
    /// Why it exists, in a sentence.
    pub why: &'static str,
    /// What breaks it.
    pub check: fn(&Tree) -> Vec<Finding>,
}

/// Every rule.
pub const RULES: &[Rule] = &[
    Rule {
        name: "sql at home",
        why: "Only a store writes and reads the tables of its room, so only there does a statement stand.",
        check: code::sql_at_home,
    },
    Rule {
        name: "drivers at home",
        why: "One connection knows the drivers; everything above it runs on both databases.",
        check: code::drivers_at_home,
    },
    Rule {
        name: "clock at the edge",
        why: "Time and randomness are arguments; only the edge may set a ban on them aside.",
        check: code::clock_at_the_edge,
    },
    Rule {
        name: "files of a room",
        why: "Only the edge and the engines touch files; a room works on values it was given.",
        check: code::files_at_the_edge,
    },
    Rule {
        name: "expect, not allow",
        why: "An expectation says why and is reported once it is no longer needed.",
        check: code::expect_not_allow,
    },
    Rule {
        name: "nothing unfinished",
        why: "What is not done is an issue, not a note in the code; a test that is not run proves nothing.",
        check: code::nothing_unfinished,
    },
    Rule {
        name: "file length",
        why: "A file past 700 lines usually hides a second idea.",
        check: code::file_length,
    },
    Rule {
        name: "files say what they are",
        why: "A newcomer reads the first line of a file and knows whether to go on.",
        check: layout::files_say_what_they_are,
    },
    Rule {
        name: "rooms look alike",
        why: "Who knows one room finds the way in every other.",
        check: layout::rooms_look_alike,
    },
    Rule {
        name: "crates share settings",
        why: "One list of lints, one list of outside libraries, one version.",
        check: layout::crates_share_settings,
    },
    Rule {
        name: "event kinds",
        why: "A kind is written into logs for ever: it names its room and version, once, with its meaning.",
        check: layout::event_kinds,
    },
    Rule {
        name: "migrations in order",
        why: "Migrations run once, in order; a gap or a double means two people wrote the same one.",
        check: layout::migrations_in_order,
    },
    Rule {
        name: "no inline script or style",
        why: "The content security policy refuses them, so they would silently do nothing.",
        check: texts::no_inline_script,
    },
    Rule {
        name: "no paths of one machine",
        why: "The product speaks of itself alone and runs wherever it was cloned.",
        check: texts::no_private_paths,
    },
    Rule {
        name: "links lead somewhere",
        why: "A document that points to a file that is gone is worse than none.",
        check: texts::links_lead_somewhere,
    },
    Rule {
        name: "invariants have tests",
        why: "What must hold of every examination is held by a test that says so by its name.",
        check: texts::invariants_have_tests,
    },
    Rule {
        name: "vendored with licence",
        why: "What others made is shipped with the licence that allows it.",
        check: texts::vendored_with_licence,
    },
    Rule {
        name: "languages complete",
        why: "A missing message shows a person a key instead of a sentence.",
        check: locales::languages_complete,
    },
    Rule {
        name: "British spelling",
        why: "One spelling in everything a person reads.",
        check: locales::british_spelling,
    },
];

/// Functions longer than this many lines are reported; clippy refuses those past 100.
pub const FUNCTION_LINES_WANTED: usize = 60;

/// Functions that are longer than wanted, longest first. A report, not a rule.
#[must_use]
pub fn long_functions(tree: &Tree) -> Vec<Finding> {
    code::long_functions(tree)
}
