//! The routes that the tests of the room's pages ask.

use super::*;

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
        .route(
            "/examination/{engagement}/plan/risks",
            get(planning::pages::risks).post(planning::pages::assess),
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
            get(pages::populations::population).post(pages::populations::judge),
        )
        .merge(libraries())
        .route("/examination/legend", get(sheets::legend).post(sheets::state_legend))
        .route("/examination/{engagement}/samples/{sample}", get(sheets::sheet))
        .route("/examination/{engagement}/samples/{sample}/entries", post(sheets::entries))
        .route(
            "/examination/{engagement}/samples/{sample}/items/{position}",
            get(sheets::item).post(sheets::enter_item),
        )
        .route(
            "/examination/{engagement}/samples/{sample}/items/{position}/replace",
            post(sheets::replace_item),
        )
        .route(
            "/examination/{engagement}/samples/{sample}/paste",
            get(sheets::paste_form).post(sheets::paste),
        )
        .route(
            "/examination/{engagement}/samples/{sample}/matches",
            get(sheets::matches).post(sheets::confirm_matches),
        )
        .route("/examination/{engagement}/samples/{sample}/notes", post(sheets::raise_note))
        .route("/examination/{engagement}/samples/{sample}/prepared", post(sheets::sign_prepared))
        .route("/examination/{engagement}/samples/{sample}/reviewed", post(sheets::sign_reviewed))
        .route("/examination/{engagement}/notes/{note}/answer", post(sheets::answer_note))
        .route("/examination/{engagement}/notes/{note}/clear", post(sheets::clear_note))
        .route("/examination/{engagement}/evidence/{evidence}/shown", get(sheets::bytes))
        .route("/examination/{engagement}/evidence/{evidence}/annotations", post(sheets::annotate))
        .route("/examination/{engagement}/annotations/{annotation}/strike", post(sheets::strike))
        .route(
            "/examination/{engagement}/census/{census}",
            get(pages::census_rows).post(pages::judge_rows),
        )
        .route(
            "/examination/{engagement}/criteria",
            get(pages::criteria).post(pages::conclude_criterion),
        )
        .route(
            "/examination/{engagement}/opinion",
            get(pages::opinion).post(pages::conclude_opinion),
        )
        .route("/examination/{engagement}/second", post(pages::second))
        .route("/api/v1/examination/{engagement}", get(api::results))
        .route("/api/v1/examination/{engagement}/populations", get(api::populations))
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
