//! Room 6, the auditor's room: populations, samples, tests, deviations, inquiries, conclusions, opinion.
//!
//! | file | holds |
//! |---|---|
//! | [`rules`] | the auditor's decisions as pure functions |
//! | [`model`] | plans, populations, samples, full-population tests, deviations, conclusions |
//! | [`permits`] | who may do what: the firm alone, but for a population's hash |
//! | [`events`] | what can happen; everything in the firm's log |
//! | [`service`] | commands |
//! | [`store`] | tables; facts, proposals and results derived from them |
//! | [`completion`] | between the last test and the report: procedures, signatures, lock, what is carried on |
//! | [`engine`] | freezing, drawing and counting over frozen rows |
//! | [`firm`] | the firm, its policies, who works on an engagement and may sign |
//! | [`planning`] | understanding, risk, materiality, the test plan, timeline, budget; the firm's overview |
//! | [`sheets`] | test sheets: entry, marks, evidence beside the item, review notes, two signatures |
//! | [`deviations`] | markers, second signers, and the organisation's statements |
//! | [`spans`] | controls that changed in the period, and a conclusion on each stretch |
//! | [`ipe`] | completeness and accuracy of populations |
//! | [`supplied`] | what a population covers; its hash in the organisation's own log |
//! | [`pages`], [`api`] | pages of the firm's side, endpoints |
//! | [`inquiries`] | walkthroughs, inquiries, observations, surveys; the organisation's appointments |
//! | [`evaluations`] | the papers of an evaluation: what the next two keep, write and show alike |
//! | [`matters`] | limits on the scope, misstatements, criteria left out; what of them is not material |
//! | [`mechanisms`] | the evaluation of reporting mechanisms |
//! | [`promises`] | the evaluation of commitments and requirements |
//! | [`cli`] | `tickmark sample size`, `sample evaluate` and `opinion propose` |

pub mod api;
pub mod cli;
pub mod completion;
pub mod deviations;
pub mod engine;
pub mod evaluations;
pub mod events;
pub mod firm;
pub mod inquiries;
pub mod ipe;
pub mod matters;
pub mod mechanisms;
pub mod model;
pub mod pages;
pub mod permits;
pub mod planning;
pub mod promises;
pub mod rules;
pub mod service;
pub mod sheets;
pub mod spans;
pub mod store;
pub mod supplied;

use platform::db::Migration;
use platform::journal::Room;

/// What the composition knows of this room.
pub const ROOM: Room = Room::new::<events::ExaminationEvent>(
    &[
        "exam_test",
        "exam_population",
        "exam_sample",
        "exam_item",
        "exam_census",
        "exam_census_row",
        "exam_deviation",
        "exam_matters",
        "exam_conclusion",
        "exam_spans",
        "exam_materiality_second",
        "exam_matter_second",
    ],
    &[
        Migration {
            room: "r6_examination",
            name: "0001_examination",
            sql: include_str!("../migrations/0001_examination.sql"),
        },
        ipe::MIGRATION,
        supplied::MIGRATION,
        Migration {
            room: "r6_examination",
            name: "0003_spans",
            sql: include_str!("../migrations/0003_spans.sql"),
        },
        promises::MIGRATION,
        Migration {
            room: "r6_examination",
            name: "0004_materiality",
            sql: include_str!("../migrations/0004_materiality.sql"),
        },
        Migration {
            room: "r6_examination",
            name: "0005_matters",
            sql: include_str!("../migrations/0005_matters.sql"),
        },
    ],
);
