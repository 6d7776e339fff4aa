//! The routes that the tests of the room's pages ask.

use super::*;
use examination::completion::pages as completion;

pub(crate) fn router() -> Router<App> {
    Router::new()
        .route("/examination", get(planning::pages::overview))
        .route("/firm", get(firm::pages::house))
        .route("/firm/profile", post(firm::pages::profile))
        .route("/firm/policies/new/{kind}", get(firm::pages::draft_form).post(firm::pages::draft))
        .route("/firm/policies/{policy}", get(firm::pages::policy).post(firm::pages::approve))
        .route("/examination/{engagement}/team", get(firm::pages::show))
        .route("/examination/{engagement}/team/{act}", post(firm::pages::act))
        .route("/examination/{engagement}/plan", get(planning::pages::show))
        .route("/examination/{engagement}/plan/{act}", post(planning::pages::act))
        .route("/examination/{engagement}/plan/proofs/{event}", get(planning::pages::proof))
        .route(
            "/examination/{engagement}/plan/risks",
            get(planning::pages::risks).post(planning::pages::assess),
        )
        .route(
            "/examination/{engagement}/plan/sizes/{test}",
            get(planning::pages::size).post(planning::pages::resize),
        )
        .route("/examination/{engagement}/plan/tests", get(planning::pages::proposals))
        .route(
            "/examination/{engagement}/plan/tests/{control}",
            get(planning::pages::proposal).post(planning::pages::accept),
        )
        .route("/examination/{engagement}", get(pages::engagement))
        .route("/examination/{engagement}/controls/{control}", get(pages::control))
        .route(
            "/examination/{engagement}/controls/{control}/plan",
            get(pages::plan_form).post(pages::plan),
        )
        .route(
            "/examination/{engagement}/controls/{control}/conclude",
            post(pages::conclude_control),
        )
        .route(
            "/examination/{engagement}/tests/{test}/sample",
            get(pages::name_items_form).post(pages::name_items),
        )
        .route(
            "/examination/{engagement}/tests/{test}/deviation",
            get(pages::deviation_form).post(pages::record_deviation),
        )
        .route(
            "/examination/{engagement}/tests/{test}/draw",
            get(pages::draw_form).post(pages::draw),
        )
        .route(
            "/examination/{engagement}/tests/{test}/census",
            get(pages::census_form).post(pages::census),
        )
        .route(
            "/examination/{engagement}/populations",
            get(pages::populations::list)
                .post(pages::populations::freeze)
                .layer(DefaultBodyLimit::disable()),
        )
        .route(
            "/examination/{engagement}/populations/{population}",
            get(pages::population::population).post(pages::population::judge),
        )
        .merge(libraries())
        .merge(sheet_pages::routes())
        .route(
            "/examination/{engagement}/census/{census}",
            get(pages::census_rows).post(pages::judge_rows),
        )
        .route("/examination/{engagement}/criteria", get(pages::criteria))
        .route(
            "/examination/{engagement}/criteria/{criterion}",
            get(pages::criterion).post(pages::conclude_criterion),
        )
        .route(
            "/examination/{engagement}/criteria/{criterion}/compensation",
            post(pages::propose_compensation),
        )
        .route(
            "/examination/{engagement}/criteria/{criterion}/materiality",
            post(pages::judge_materiality),
        )
        .route(
            "/examination/{engagement}/criteria/{criterion}/materiality/second",
            post(pages::second_materiality),
        )
        .route(
            "/examination/{engagement}/controls/{control}/spans",
            get(examination::spans::pages::spans).post(examination::spans::pages::state),
        )
        .route(
            "/examination/{engagement}/opinion",
            get(pages::opinion).post(pages::conclude_opinion),
        )
        .route("/examination/{engagement}/deficiencies", get(completion::letter::show))
        .route("/examination/{engagement}/file", get(completion::file))
        .route("/examination/{engagement}/controls/{control}/tested", get(pages::tested))
        .route("/api/v1/examination/{engagement}", get(api::results))
        .route("/api/v1/examination/{engagement}/populations", get(api::populations))
        .merge(endpoints())
        .merge(matters())
        .route("/populations", get(examination::supplied::pages::list))
        .route("/populations/{population}", get(examination::supplied::pages::population))
}

/// The library of tests, and the checks on completeness and accuracy.
fn libraries() -> Router<App> {
    Router::new()
        .route("/examination/{engagement}/library", get(pages::library::list))
        .route("/examination/{engagement}/library/{test}", get(pages::library::test))
        .route(
            "/examination/{engagement}/populations/{population}/completeness",
            get(examination::ipe::pages::completeness),
        )
        .route(
            "/examination/{engagement}/populations/{population}/completeness/{act}",
            post(examination::ipe::pages::act),
        )
}

/// What the auditor states beyond the tests.
fn endpoints() -> Router<App> {
    use examination::api::stated;
    Router::new()
        .route(
            "/api/v1/examination/{engagement}/controls/{control}/spans",
            get(stated::spans).post(stated::state),
        )
        .route(
            "/api/v1/examination/{engagement}/criteria/{criterion}/compensation",
            get(stated::compensation).post(stated::propose_compensation),
        )
        .route(
            "/api/v1/examination/{engagement}/criteria/{criterion}/materiality",
            get(stated::materiality).post(stated::judge_materiality),
        )
        .route(
            "/api/v1/examination/{engagement}/criteria/{criterion}/materiality/second",
            post(stated::second_materiality),
        )
}

/// What bears on the opinion beyond controls and criteria.
fn matters() -> Router<App> {
    Router::new()
        .route(
            "/examination/{engagement}/matters",
            get(examination::matters::pages::matters).post(examination::matters::pages::state),
        )
        .route(
            "/examination/{engagement}/matters/second",
            post(examination::matters::pages::second),
        )
        .route("/examination/{engagement}/second", post(pages::second))
}
