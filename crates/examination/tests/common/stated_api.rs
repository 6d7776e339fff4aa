//! Stretches, compensation and materiality at the interface for programs.

use super::*;
use serde_json::{Value, json};

fn sent(w: &World<'_>, path: &str, body: &Value) -> (StatusCode, Value) {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    // As a page's own script does: a session's call comes from its own site.
    let request = request.header("sec-fetch-site", "same-origin");
    let seen = w.send(request.body(Body::from(body.to_string())).unwrap());
    (seen.status, serde_json::from_str(&seen.body).unwrap_or_default())
}

fn got(w: &World<'_>, path: &str) -> Value {
    let seen = w.get(path);
    assert_eq!(seen.status, StatusCode::OK, "{path}: {}", seen.body);
    serde_json::from_str(&seen.body).unwrap()
}

#[test]
fn what_the_auditor_states_beyond_the_tests_is_read_and_written_by_programs() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        w.sign_in(2);
        drop(w.prepared());
        let api = |rest: &str| format!("/api/v1{}", w.at(rest));
        let spans = format!("/api/v1{}", w.control("/spans"));
        let (makes_up, material) =
            (api("/criteria/CC6.2/compensation"), api("/criteria/CC6.2/materiality"));
        let second = format!("{material}/second");
        assert_eq!(
            got(&w, &spans),
            json!({"control": "IAM-05", "version": 0, "spans": [], "reason": null})
        );

        let one = |from: &str, to: &str, what: &str, tests: Value| json!({"from": from, "to": to, "what": what, "tests": tests});
        let state = |version: i64, spans: Value| json!({"version": version, "spans": spans, "reason": "The change ticket."});
        let old = one("2025-01-01", "2025-03-31", "Not there yet", json!([]));
        let new = one("2025-04-01", "2025-12-31", "The system does it", json!(["T-1"]));
        for (wrong, why) in [
            (state(0, json!([old])), "2 to 12 stretches"),
            (
                state(0, json!([old, one("2025-04-02", "2025-12-31", "x", json!([]))])),
                "Nothing is said",
            ),
            (state(0, json!([old, one("soon", "2025-12-31", "x", json!([]))])), "soon"),
            (
                state(0, json!([old, one("2025-04-01", "2025-12-31", "x", json!(["T-9"]))])),
                "No test of this control",
            ),
            (json!({"version": 0}), "missing field"),
        ] {
            let (status, said) = sent(&w, &spans, &wrong);
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
            assert!(said.to_string().contains(why), "{why}: {said}");
        }
        let (status, stated) = sent(&w, &spans, &state(0, json!([old, new])));
        assert_eq!(status, StatusCode::OK, "{stated}");
        assert_eq!((&stated["version"], &stated["spans"]), (&json!(1), &json!([old, new])));
        assert_eq!(got(&w, &spans), stated);
        let (status, _) = sent(&w, &spans, &state(0, json!([])));
        assert_eq!(status, StatusCode::CONFLICT, "what was seen is older");
        let (_, back) = sent(&w, &spans, &state(1, json!([])));
        assert_eq!(back["spans"], json!([]));

        let conclude = w.control("/conclude");
        let unable = [("design", "suitable"), ("operation", "unable"), ("reason", "No records.")];
        let concluded = w.submit(&w.control(""), &conclude, &unable);
        assert_eq!(concluded.status, StatusCode::SEE_OTHER, "{}", concluded.body);
        let (status, said) = sent(
            &w,
            &makes_up,
            &json!({"version": 0, "controls": ["IAM-05"], "accepted": true, "reason": "The same."}),
        );
        assert_eq!(status, StatusCode::OK, "{said}");
        assert_eq!((&said["controls"], &said["accepted"]), (&json!(["IAM-05"]), &json!(true)));
        assert!(said["failures"][0]["offered"][0]["why_not"].is_string(), "{said}");
        assert!(said["stated"]["who"].as_str().unwrap().starts_with("per_"), "{said}");
        assert_eq!(got(&w, &makes_up), said);

        let judge = |version: i64, material: bool| json!({"version": version, "material": material, "factors": ["duration"], "reason": "A day."});
        let (status, said) = sent(
            &w,
            &material,
            &json!({"version": 1, "material": true, "factors": ["weather"], "reason": "x"}),
        );
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        let (status, said) = sent(&w, &material, &judge(1, false));
        assert_eq!(status, StatusCode::OK, "{said}");
        let state =
            |said: &Value| (said["counts_as_material"].clone(), said["awaits_second"].clone());
        assert_eq!(state(&said), (json!(true), json!(true)));
        let agrees = json!({"version": 2, "reason": "I agree."});
        let (status, own) = sent(&w, &second, &agrees);
        assert_eq!(status, StatusCode::CONFLICT, "{own}");
        w.sign_in(3);
        let (status, said) = sent(&w, &second, &agrees);
        assert_eq!(status, StatusCode::OK, "{said}");
        assert_eq!(state(&said), (json!(false), json!(false)));
        assert!(said["second"]["who"].is_string());
        assert_eq!(got(&w, &material), said);
        let outside = material.replace("CC6.2", "P1.1");
        assert_eq!(w.get(&outside).status, StatusCode::NOT_FOUND);

        // Staff read and write nothing; the organisation and another firm find nothing, whatever they send.
        for (n, read, write) in [(4, 200, 403), (1, 404, 404), (5, 404, 404)] {
            w.sign_in(n);
            for path in [&spans, &makes_up, &material] {
                assert_eq!(w.get(path).status.as_u16(), read, "{n} {path}");
            }
            for path in [&spans, &makes_up, &material, &second] {
                for body in [json!({}), judge(2, true)] {
                    assert_eq!(sent(&w, path, &body).0.as_u16(), write, "{n} {path}");
                }
            }
        }
    });
}
