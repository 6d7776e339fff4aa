//! Every route on one screen.
//!
//! One block per room, pages before endpoints. What a path may do is decided by the handler's permit,
//! never by the path.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use platform::http::App;

/// Every page and endpoint.
pub fn router() -> Router<App> {
    Router::new()
        .merge(house())
        .merge(identity())
        .merge(scope())
        .merge(commitments())
        .merge(controls())
        .merge(cases())
        .merge(policy())
        .merge(clocks())
        .merge(channels())
        .merge(status())
        .merge(views())
        .merge(training())
        .merge(surveys())
        .merge(evidence())
        .merge(examination())
        .merge(ipe())
        .merge(supplied())
        .merge(sheets())
        .merge(firm())
        .merge(planning())
        .merge(inquiries())
        .merge(mechanisms())
        .merge(promises())
        .merge(completion())
        .merge(deviations())
        .merge(reporting())
        .fallback(crate::pages::nothing_here)
        .method_not_allowed_fallback(crate::pages::not_that_way)
}

/// What belongs to no room.
fn house() -> Router<App> {
    Router::new()
        .route("/", get(crate::overview::home))
        .route("/search", get(crate::overview::search))
        .route("/search/palette", get(crate::overview::palette))
        .route("/glossary", get(crate::overview::glossary))
        .route("/metrics", get(crate::pages::metrics))
        .route("/api/openapi.json", get(crate::pages::openapi))
        .route("/preferences", post(crate::pages::preferences))
        .route("/settings/jobs", get(crate::settings::jobs))
        .route("/settings/jobs/{id}/retry", post(crate::settings::retry))
        .route("/settings/jobs/{id}/cancel", post(crate::settings::cancel))
        .route(
            "/settings/webhooks",
            get(crate::settings::webhooks).post(crate::settings::add_webhook),
        )
        .route("/settings/webhooks/{id}/enable", post(crate::settings::enable_webhook))
        .route("/settings/webhooks/{id}/remove", post(crate::settings::remove_webhook))
        .route("/design", get(crate::pages::design))
        .route("/static/{*path}", get(crate::pages::asset))
        .route("/healthz", get(crate::pages::healthz))
        .route("/readyz", get(crate::pages::readyz))
}

fn identity() -> Router<App> {
    use ::identity::{api, pages};
    Router::new()
        .route("/sign-in", get(pages::sign_in_page).post(pages::sign_in))
        .route("/sign-out", post(pages::sign_out))
        .route("/demo/sign-in", post(pages::demo_sign_in))
        .route("/invitation/{code}", get(pages::invitation::show).post(pages::invitation::accept))
        .route("/account", get(pages::account::show))
        .route("/account/name", get(pages::account::name).post(pages::account::rename))
        .route(
            "/account/password",
            get(pages::account::password).post(pages::account::change_password),
        )
        .route("/account/party", post(pages::account::switch_party))
        .route("/account/sessions/{id}/end", post(pages::account::end_session))
        .route("/account/second-factor", get(pages::factor::show).post(pages::factor::submit))
        .route("/account/second-factor/start", post(pages::factor::start))
        .route("/account/tokens", get(pages::tokens::show).post(pages::tokens::make))
        .route("/account/tokens/{id}/revoke", post(pages::tokens::revoke))
        .route("/people", get(pages::people::list))
        .route("/people/invite", get(pages::people::invite_form_page).post(pages::people::invite))
        .route("/people/invitations/{id}/withdraw", post(pages::people::withdraw))
        .route("/people/{id}", get(pages::people::show).post(pages::people::change))
        .route("/people/{id}/deactivate", post(pages::people::deactivate))
        .route("/people/{id}/password-link", post(pages::people::password_link))
        .route("/api/v1/me", get(api::me))
        .route("/api/v1/tokens", get(api::tokens).post(api::make_token))
        .route("/api/v1/people", get(api::people))
}

fn scope() -> Router<App> {
    use scope::pages::{change, others};
    Router::new()
        .route("/engagements", get(scope::pages::list))
        .route("/engagements/new", get(scope::pages::new_form).post(scope::pages::new_submit))
        .route("/engagements/{id}", get(scope::pages::show))
        .route("/engagements/{id}/proofs/{event}", get(scope::pages::proof))
        .route("/engagements/{id}/scope", get(change::scope_page).post(change::scope_submit))
        .route("/engagements/{id}/firm", get(change::firm_page).post(change::firm_submit))
        .route("/engagements/{id}/stage", get(change::stage_page).post(change::stage_submit))
        .route("/system", get(scope::pages::system).post(scope::pages::describe))
        .route("/system/others", get(others::show).post(others::submit))
}

fn commitments() -> Router<App> {
    Router::new()
        .route("/commitments", get(commitments::pages::list))
        .route(
            "/commitments/new",
            get(commitments::pages::new_form).post(commitments::pages::new_submit),
        )
        .route("/commitments/{id}", get(commitments::pages::show))
        .route(
            "/requirements/new",
            get(commitments::pages::new_requirement_form)
                .post(commitments::pages::new_requirement_submit),
        )
}

fn controls() -> Router<App> {
    Router::new()
        .route("/controls", get(controls::pages::list))
        .route("/controls/new", get(controls::pages::new_form).post(controls::pages::new_submit))
        .route("/controls/coverage", get(controls::pages::coverage))
        .route("/controls/gaps", get(controls::pages::gaps::list))
        .route(
            "/controls/gaps/new",
            get(controls::pages::gaps::new_form).post(controls::pages::gaps::new_submit),
        )
        .route("/controls/gaps/{id}", get(controls::pages::gaps::show))
        .route("/controls/gaps/{id}/{action}", post(controls::pages::gaps::act))
        .route("/controls/gaps/{id}/proofs/{event}", get(controls::pages::gaps::proof))
        .route("/controls/{id}", get(controls::pages::show))
        .route("/risks", get(controls::risks::pages::list))
        .route(
            "/risks/new/{what}",
            get(controls::risks::pages::new_form).post(controls::risks::pages::new_submit),
        )
        .route("/risks/{id}", get(controls::risks::pages::show))
        .route("/risks/{id}/{action}", post(controls::risks::pages::act))
}

fn cases() -> Router<App> {
    Router::new()
        .route(
            "/report",
            // Files have bounds of their own, kept while they arrive.
            get(cases::pages::report::ask)
                .post(cases::pages::report::send)
                .layer(DefaultBodyLimit::disable()),
        )
        .route("/report/receipt", post(cases::pages::report::receipt))
        .route("/report/verify", get(cases::pages::verify::show))
        .route("/report/verifier.html", get(cases::pages::verify::download))
        .route(
            "/report/follow-up",
            get(cases::pages::follow_up::ask)
                .post(cases::pages::follow_up::look)
                .layer(DefaultBodyLimit::disable()),
        )
        .route("/cases", get(cases::pages::register::list))
        .route("/cases/dashboard", get(cases::pages::dashboard::show))
        .route("/cases/held", get(cases::pages::held::show))
        .route("/cases/held/discard", post(cases::pages::held::discard))
        .route("/cases/held/{id}/release", post(cases::pages::held::release))
        .route("/cases/{id}", get(cases::pages::record::show))
        .route("/cases/{id}/{action}", post(cases::pages::record::act))
        .route("/cases/disclosures", get(cases::disclosures::pages::list))
        .route("/cases/disclosures/{of}", get(cases::disclosures::pages::show))
        .route("/cases/disclosures/{of}/prepare", post(cases::disclosures::pages::prepare))
        .route("/cases/disclosures/{of}/judge", post(cases::disclosures::pages::judge))
        .route("/cases/{id}/work/{what}", post(cases::work::pages::begin))
        .route("/cases/{id}/work/{what}/{item}", post(cases::work::pages::go_on))
        .route("/cases/{id}/letters/{letter}", get(cases::work::pages::letter))
        .route("/cases/{id}/proofs/{event}", get(cases::pages::record::proof))
        .route("/cases/{id}/seal/{action}", post(cases::sealed::pages::act))
        .route("/cases/{id}/seal/certificate", get(cases::sealed::pages::certificate))
        .route("/cases/{id}/seal/files/{version}", get(cases::sealed::pages::file))
        .route("/api/v1/reports", post(cases::api::report))
        .route("/api/v1/reports/challenge", get(cases::api::challenge))
        .route("/api/v1/cases", get(cases::api::list))
        .route("/api/v1/cases/{id}", get(cases::api::one))
        .route("/api/v1/analysis/cases", get(cases::api::analysis))
        .route("/api/v1/analysis/dashboard", get(cases::api::dashboard))
}

fn policy() -> Router<App> {
    use ::cases::policy::pages;
    Router::new()
        .route("/cases/policy", get(pages::show))
        .route("/cases/policy/draft", get(pages::draft::ask).post(pages::draft::send))
        .route("/cases/policy/{number}", get(pages::one))
        .route("/cases/policy/{number}/{action}", post(pages::act))
        .route("/cases/policy/{number}/proofs/{event}", get(pages::proof))
}

fn clocks() -> Router<App> {
    use ::cases::clocks::pages::{escalation, overdue, record};
    Router::new()
        .route("/cases/overdue", get(overdue::show))
        .route("/cases/escalation", get(escalation::show))
        .route("/cases/escalation/absences", post(escalation::state))
        .route("/cases/escalation/absences/{id}/end", post(escalation::end))
        .route("/cases/{id}/clocks", get(record::show))
        .route("/cases/{id}/clocks/{action}", post(record::act))
        .route("/cases/{id}/clocks/proofs/{event}", get(record::proof))
        .route("/api/v1/cases/{id}/clocks", get(::cases::clocks::api::clocks))
}

fn channels() -> Router<App> {
    use ::cases::canaries::pages as canaries;
    use ::cases::channels::pages::{public, record, register};
    use ::cases::hooks::{api as hooks, pages::sources, pages::unread};
    use ::cases::mailroom::pages as mail;
    use ::cases::pages::hotline;
    use ::cases::totals::pages as totals;
    Router::new()
        .route("/channels", get(register::list))
        .route("/channels/new", get(register::new_form_page).post(register::new_submit))
        .route("/api/v1/hooks/{source}", post(hooks::take_in))
        .route("/cases/hotline", get(hotline::ask).post(hotline::send))
        .route("/channels/totals", get(totals::show))
        .route("/channels/totals/{action}", post(totals::count))
        .route("/channels/totals/exceptions/{id}/{action}", post(totals::act))
        .route("/channels/canaries", get(canaries::show).post(canaries::save))
        .route("/channels/sources", get(sources::list).post(sources::add))
        .route("/channels/sources/unread", get(unread::list))
        .route("/channels/sources/unread/{id}/{action}", post(unread::act))
        .route("/channels/sources/{id}", get(sources::show))
        .route("/channels/sources/{id}/{action}", post(sources::act))
        .route("/channels/mail", get(mail::list))
        .route("/channels/mail/{id}", get(mail::show))
        .route("/channels/mail/{id}/raw", get(mail::raw))
        .route("/channels/mail/{id}/proofs/{event}", get(mail::proof))
        .route("/channels/mail/{id}/{action}", post(mail::act))
        .route("/channels/{id}", get(record::show))
        .route("/channels/{id}/{action}", post(record::act))
        .route("/channels/{id}/proofs/{event}", get(record::proof))
        .route("/report/channels", get(public::show))
        .route("/report/channels.txt", get(public::plain))
}

fn status() -> Router<App> {
    use cases::status::{api, pages};
    Router::new()
        .route("/status", get(pages::public::show))
        .route("/status/history", get(pages::public::history))
        .route("/status/follow", post(pages::follow::ask))
        .route(
            "/status/confirm/{token}",
            get(pages::follow::confirm_page).post(pages::follow::confirm),
        )
        .route("/status/leave/{token}", get(pages::follow::leave_page).post(pages::follow::leave))
        .route("/status/{reference}", get(pages::public::one))
        .route("/status.atom", get(pages::feed::feed))
        .route("/api/v1/status", get(api::status))
        .route("/cases/status", get(pages::desk::show))
        .route(
            "/cases/status/components/new",
            get(pages::desk::new_component).post(pages::desk::add_component),
        )
        .route(
            "/cases/status/components/{id}",
            get(pages::desk::edit_component).post(pages::desk::save_component),
        )
        .route("/cases/status/notices/new", get(pages::notice::new).post(pages::notice::publish))
        .route("/cases/status/notices/{id}", get(pages::notice::show))
        .route("/cases/status/notices/{id}/{action}", post(pages::notice::act))
        .route("/cases/status/notices/{id}/proofs/{event}", get(pages::desk::proof))
}

/// How the register is looked at.
fn views() -> Router<App> {
    use ::cases::views::pages;
    Router::new()
        .route("/cases/views", get(pages::list))
        .route("/cases/views/new", get(pages::new_form).post(pages::save))
        .route("/cases/views/{id}/remove", post(pages::remove))
        .route("/cases/bulk", post(pages::bulk::act))
        .route(
            "/cases/patterns",
            get(::cases::patterns::pages::show).post(::cases::patterns::pages::decide),
        )
}

fn surveys() -> Router<App> {
    use cases::surveys::pages::{answer, desk, interviews, survey};
    Router::new()
        .route("/survey/{token}", get(answer::show).post(answer::send))
        .route("/surveys", get(desk::list))
        .route("/surveys/bank", get(desk::bank))
        .route("/surveys/new", get(desk::new).post(desk::add))
        .route("/surveys/{id}", get(survey::show))
        .route("/surveys/{id}/{action}", post(survey::act))
        .route("/interviews", get(interviews::list))
        .route("/interviews/new", get(interviews::new).post(interviews::add))
        .route("/interviews/{id}", get(interviews::show))
        .route("/interviews/{id}/{action}", post(interviews::act))
}

fn training() -> Router<App> {
    use cases::training::pages::{course, learn, manage, practice};
    Router::new()
        .route("/training", get(learn::show))
        .route("/training/assignments/{id}", get(learn::assignment).post(learn::answer))
        .route("/training/assignments/{id}/proofs/{event}", get(learn::proof))
        .route("/training/texts/{id}", get(learn::text).post(learn::confirm))
        .route("/training/practice", get(practice::new).post(practice::send))
        .route("/training/practice/{id}", get(practice::show))
        .route("/training/practice/{id}/next", post(practice::next))
        .route("/training/manage", get(manage::show))
        .route("/training/manage/round", post(manage::go_round))
        .route("/training/manage/completions/{id}/{event}", get(manage::proof))
        .route("/training/manage/courses/new", get(course::new).post(course::add))
        .route("/training/manage/courses/{id}", get(course::show))
        .route("/training/manage/courses/{id}/state", post(course::state))
        .route("/training/manage/courses/{id}/material", post(course::material))
}

fn evidence() -> Router<App> {
    use ::evidence::collectors::pages as collectors;
    Router::new()
        .route("/evidence", get(evidence::pages::list))
        .route(
            "/evidence/new",
            // A file has a bound of its own, kept while it arrives.
            get(evidence::pages::new_form)
                .post(evidence::pages::new_submit)
                .layer(DefaultBodyLimit::disable()),
        )
        .route("/evidence/collectors", get(collectors::list))
        .route("/evidence/collectors/new", get(collectors::new_form).post(collectors::new_submit))
        .route("/evidence/collectors/{id}", get(collectors::show))
        .route("/evidence/collectors/{id}/restate", post(collectors::restate))
        .route("/evidence/collectors/{id}/run", post(collectors::run))
        .route("/evidence/collectors/{id}/stop", post(collectors::stop))
        .route("/evidence/collectors/{id}/runs/{run}/answer", get(collectors::answer))
        .route("/evidence/{id}", get(evidence::pages::show))
        .route("/evidence/{id}/file", get(evidence::pages::file))
        .route(
            "/requests",
            get(evidence::pages::requests::list).post(evidence::pages::requests::ask),
        )
        .route(
            "/requests/{id}",
            get(evidence::pages::requests::show).post(evidence::pages::requests::act),
        )
}

fn completion() -> Router<App> {
    use ::examination::completion::pages;
    use ::reporting::pages::completion;
    Router::new()
        .route("/examination/{engagement}/completion", get(completion::show).post(completion::act))
        .route("/examination/{engagement}/file", get(pages::file).post(pages::act))
        .route(
            "/examination/{engagement}/deficiencies",
            get(pages::letter::show).post(pages::letter::act),
        )
        .route(
            "/engagements/{id}/deficiencies",
            get(pages::letter::released).post(pages::letter::acknowledge),
        )
        .route(
            "/examination/{engagement}/controls/{control}/tested",
            get(::examination::pages::tested),
        )
}

fn examination() -> Router<App> {
    use examination::{api, pages};
    Router::new()
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
            "/examination/{engagement}/tests/{test}/block",
            get(pages::block_form).post(pages::block),
        )
        .route(
            "/examination/{engagement}/tests/{test}/census",
            get(pages::census_form).post(pages::census),
        )
        .route(
            "/examination/{engagement}/populations",
            // Files have a bound of their own, kept while they arrive.
            get(pages::populations::list)
                .post(pages::populations::freeze)
                .layer(DefaultBodyLimit::disable()),
        )
        .route(
            "/examination/{engagement}/populations/{population}",
            get(pages::population::population).post(pages::population::judge),
        )
        .route("/examination/{engagement}/library", get(pages::library::list))
        .route("/examination/{engagement}/library/{test}", get(pages::library::test))
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
        .route(
            "/examination/{engagement}/matters",
            get(examination::matters::pages::matters).post(examination::matters::pages::state),
        )
        .route(
            "/examination/{engagement}/matters/second",
            post(examination::matters::pages::second),
        )
        .route("/examination/{engagement}/second", post(pages::second))
        .route("/api/v1/examination/{engagement}", get(api::results))
        .route("/api/v1/examination/{engagement}/populations", get(api::populations))
        .route(
            "/api/v1/examination/{engagement}/controls/{control}/spans",
            get(api::stated::spans).post(api::stated::state),
        )
        .route(
            "/api/v1/examination/{engagement}/criteria/{criterion}/compensation",
            get(api::stated::compensation).post(api::stated::propose_compensation),
        )
        .route(
            "/api/v1/examination/{engagement}/criteria/{criterion}/materiality",
            get(api::stated::materiality).post(api::stated::judge_materiality),
        )
        .route(
            "/api/v1/examination/{engagement}/criteria/{criterion}/materiality/second",
            post(api::stated::second_materiality),
        )
}

fn sheets() -> Router<App> {
    use examination::sheets::pages;
    Router::new()
        .route("/examination/legend", get(pages::legend).post(pages::state_legend))
        .route("/examination/{engagement}/samples/{sample}", get(pages::sheet))
        .route("/examination/{engagement}/samples/{sample}/entries", post(pages::entries))
        .route(
            "/examination/{engagement}/samples/{sample}/items/{position}",
            get(pages::item).post(pages::enter_item),
        )
        .route(
            "/examination/{engagement}/samples/{sample}/items/{position}/replace",
            post(pages::replace_item),
        )
        .route(
            "/examination/{engagement}/samples/{sample}/paste",
            get(pages::paste_form).post(pages::paste),
        )
        .route(
            "/examination/{engagement}/samples/{sample}/matches",
            get(pages::matches).post(pages::confirm_matches),
        )
        .route("/examination/{engagement}/samples/{sample}/notes", post(pages::raise_note))
        .route("/examination/{engagement}/samples/{sample}/prepared", post(pages::sign_prepared))
        .route("/examination/{engagement}/samples/{sample}/reviewed", post(pages::sign_reviewed))
        .route("/examination/{engagement}/notes/{note}/answer", post(pages::answer_note))
        .route("/examination/{engagement}/notes/{note}/clear", post(pages::clear_note))
        .route("/examination/{engagement}/evidence/{evidence}/shown", get(pages::bytes))
        .route("/examination/{engagement}/evidence/{evidence}/annotations", post(pages::annotate))
        .route("/examination/{engagement}/annotations/{annotation}/strike", post(pages::strike))
}

fn firm() -> Router<App> {
    use examination::firm::pages;
    Router::new()
        .route("/firm", get(pages::house))
        .route("/firm/profile", post(pages::profile))
        .route("/firm/policies/new/{kind}", get(pages::draft_form).post(pages::draft))
        .route("/firm/policies/{policy}", get(pages::policy).post(pages::approve))
        .route("/examination/{engagement}/team", get(pages::show))
        .route("/examination/{engagement}/team/{act}", post(pages::act))
}

fn planning() -> Router<App> {
    use examination::planning::pages;
    Router::new()
        .route("/examination", get(pages::overview))
        .route("/examination/{engagement}/plan", get(pages::show))
        .route("/examination/{engagement}/plan/{act}", post(pages::act))
        .route("/examination/{engagement}/plan/proofs/{event}", get(pages::proof))
        .route("/examination/{engagement}/plan/risks", get(pages::risks).post(pages::assess))
        .route("/examination/{engagement}/plan/sizes/{test}", get(pages::size).post(pages::resize))
        .route("/examination/{engagement}/plan/tests", get(pages::proposals))
        .route(
            "/examination/{engagement}/plan/tests/{control}",
            get(pages::proposal).post(pages::accept),
        )
}

fn inquiries() -> Router<App> {
    use examination::inquiries::pages;
    Router::new()
        .route("/appointments", get(pages::appointments))
        .route("/appointments/consent", post(pages::consent))
        .route("/appointments/{appointment}", post(pages::answer))
        .route("/examination/{engagement}/inquiries", get(pages::list))
        .route("/examination/{engagement}/inquiries/new", get(pages::new_form).post(pages::new))
        .route("/examination/{engagement}/inquiries/{inquiry}", get(pages::record))
        .route(
            "/examination/{engagement}/inquiries/{inquiry}/plan",
            get(pages::change_form).post(pages::change),
        )
        .route("/examination/{engagement}/inquiries/{inquiry}/entries", post(pages::add))
        .route("/examination/{engagement}/inquiries/{inquiry}/follow-up", post(pages::follow_up))
        .route("/examination/{engagement}/inquiries/{inquiry}/conclude", post(pages::conclude))
        .route("/examination/{engagement}/inquiries/{inquiry}/cancel", post(pages::cancel))
        .route("/examination/{engagement}/inquiries/{inquiry}/schedule", post(pages::schedule))
        .route("/examination/{engagement}/inquiries/{inquiry}/call-off", post(pages::call_off))
}

fn mechanisms() -> Router<App> {
    use examination::mechanisms::pages;
    Router::new()
        .route("/examination/{engagement}/mechanisms", get(pages::overview))
        .route("/examination/{engagement}/mechanisms/sign", post(pages::sign))
        .route("/examination/{engagement}/mechanisms/review", post(pages::review))
        .route(
            "/examination/{engagement}/mechanisms/channels",
            get(pages::channels).post(pages::identify),
        )
        .route(
            "/examination/{engagement}/mechanisms/policy",
            get(pages::policy).post(pages::review_policy),
        )
        .route("/examination/{engagement}/mechanisms/people", get(pages::people).post(pages::hear))
        .route(
            "/examination/{engagement}/mechanisms/history",
            get(pages::history).post(pages::draw),
        )
        .route(
            "/examination/{engagement}/mechanisms/cases/{number}",
            get(pages::case).post(pages::read_case),
        )
        .route(
            "/examination/{engagement}/mechanisms/patterns",
            get(pages::patterns).post(pages::pattern),
        )
        .route("/examination/{engagement}/mechanisms/rubric", get(pages::rubric).post(pages::score))
        .route("/examination/{engagement}/mechanisms/weights", post(pages::weights))
        .route("/examination/{engagement}/mechanisms/findings", get(pages::findings))
        .route("/examination/{engagement}/mechanisms/points", post(pages::point))
        .route("/examination/{engagement}/mechanisms/recommendations", post(pages::recommendation))
        .route("/examination/{engagement}/mechanisms/improvements", post(pages::improvement))
        .route("/examination/{engagement}/mechanisms/changes", post(pages::change))
        .route("/examination/{engagement}/mechanisms/withdraw", post(pages::withdraw))
        .route("/examination/{engagement}/mechanisms/memorandum", get(pages::memorandum))
        .route(
            "/examination/{engagement}/mechanisms/memorandum.pdf",
            get(::reporting::pages::memorandum::pdf),
        )
}

fn promises() -> Router<App> {
    use examination::promises::pages;
    Router::new()
        .route("/examination/{engagement}/promises", get(pages::list))
        .route("/examination/{engagement}/promises/{commitment}", get(pages::record))
        .route(
            "/examination/{engagement}/promises/{commitment}/understood",
            post(pages::understand),
        )
        .route("/examination/{engagement}/promises/{commitment}/findings", post(pages::judge))
        .route(
            "/examination/{engagement}/promises/{commitment}/regulations",
            post(pages::regulation),
        )
        .route(
            "/examination/{engagement}/promises/{commitment}/recommendations",
            post(pages::recommend),
        )
        .route("/examination/{engagement}/promises/{commitment}/conclusion", post(pages::conclude))
}

fn ipe() -> Router<App> {
    use examination::ipe::pages;
    Router::new()
        .route(
            "/examination/{engagement}/populations/{population}/completeness",
            get(pages::completeness),
        )
        .route(
            "/examination/{engagement}/populations/{population}/completeness/{act}",
            post(pages::act),
        )
}

fn supplied() -> Router<App> {
    use examination::supplied::pages;
    Router::new()
        .route("/populations", get(pages::list))
        .route("/populations/{population}", get(pages::population))
}

fn deviations() -> Router<App> {
    use examination::deviations::pages;
    Router::new()
        .route(
            "/examination/{engagement}/deviations/{deviation}",
            get(pages::deviation).post(pages::update),
        )
        .route("/examination/{engagement}/deviations/{deviation}/second", post(pages::second))
        .route("/examination/{engagement}/deviations/{deviation}/statement", post(pages::ask))
        .route("/statements", get(pages::list))
        .route("/statements/{id}", get(pages::statement).post(pages::give))
}

fn reporting() -> Router<App> {
    use ::reporting::pages;
    Router::new()
        .route("/reporting", get(pages::overview))
        .route(
            "/reporting/{engagement}/description",
            get(pages::described::description).post(pages::described::write),
        )
        .route(
            "/reporting/{engagement}/assertion",
            get(pages::described::assertion).post(pages::described::sign),
        )
        .route(
            "/reporting/{engagement}/report",
            get(pages::issued::report).post(pages::issued::change),
        )
        .route("/reporting/{engagement}/report.pdf", get(pages::issued::download))
}
