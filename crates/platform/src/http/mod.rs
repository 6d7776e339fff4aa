//! The HTTP shell: what every page and endpoint of every room shares.
//!
//! | file | holds |
//! |---|---|
//! | `app.rs` | [`App`]: what a handler can reach |
//! | `cx.rs` | [`Cx`]: one request — who asks, in which language, with which clock |
//! | `session.rs` | sessions, the anti-forgery token, what was said last |
//! | `failure.rs` | [`Failure`]: errors as pages and as problem details (RFC 9457) |
//! | `body.rs` | forms and JSON with bounds |
//! | `security.rs` | headers, content security policy, cross-site posts refused |
//! | `origin.rs` | [`From`]: the network address a request comes from, [`Proxies`] that are believed |
//! | `places.rs` | [`Places`]: bounded room for heavy work |
//! | `server.rs` | layers around the router, listening, stopping |
//!
//! A handler of a room:
//!
//! ```ignore
//! pub async fn triage(cx: Cx, Path(id): Path<CaseId>, form: Pairs) -> Answer {
//!     let done = cx.write(move |tx, env, actor| {
//!         let permit = service::may_triage(tx, actor, id)?;      // authorize → Permit
//!         service::triage(tx, env, &permit, &input)               // decide → record
//!     }).await;
//!     …                                                            // Ok: see_other, Err: the form again
//! }
//! ```

mod app;
mod body;
mod cx;
mod failure;
mod origin;
mod places;
mod security;
mod server;
pub mod session;

pub use app::{App, AppParts, Identities, Identity, ReadEngagements, Switcher};
pub use body::{BODY_BYTES_MAX, JsonBody, Pairs, Upload, Uploaded, plain_file_name};
pub use cx::Cx;
pub use failure::{Answer, Failure, Problem, ProblemKind};
pub use origin::{From, Proxies};
pub use places::Places;
pub use security::CONTENT_SECURITY_POLICY;
pub use server::{layered, serve};
