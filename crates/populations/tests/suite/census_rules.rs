//! What a test may do, what it must do, and what it is refused for.

use std::collections::BTreeMap;
use std::time::Duration;

use populations::Error;
use populations::census::{CensusOptions, UnitResult, parse_test, run, verify_result};
use populations::progress::Counters;
use proptest::prelude::*;

use crate::support::*;

const PASS_ALL: &str =
    "SELECT id AS unit, 'pass' AS result, CAST(NULL AS TEXT) AS reason FROM changes";

fn refusal(sql: &str) -> String {
    match census(&test_of(sql)).unwrap_err() {
        Error::Test(message) => message,
        other => panic!("{sql}: {other:?}"),
    }
}

#[test]
fn every_unit_is_answered_and_the_totals_add_up() {
    let census = census(&test_of(
        "SELECT id AS unit,
                CASE WHEN urgent THEN 'exception' WHEN cost IS NULL THEN 'unmatched' ELSE 'pass' END AS result,
                CASE WHEN urgent THEN 'urgent' WHEN cost IS NULL THEN 'no cost' END AS reason,
                cost, at, local_date(at, $zone) AS day, note,
                substring(id, 5) AS number, extract(hour FROM at) AS hour
         FROM changes",
    ))
    .unwrap();
    assert_eq!(
        (census.population, census.pass, census.exceptions, census.unmatched, census.excluded),
        (3, 1, 1, 1, 0)
    );
    let units: Vec<(&str, UnitResult)> =
        census.rows.iter().map(|row| (row.unit.as_str(), row.result)).collect();
    assert_eq!(
        units,
        [
            ("CHG-0001", UnitResult::Exception),
            ("CHG-0003", UnitResult::Unmatched),
            ("CHG-0002", UnitResult::Pass)
        ]
    );
    let detail = &census.rows[0].detail;
    assert_eq!(detail["cost"], "12.5");
    assert_eq!(detail["at"], "2026-01-05T15:00:00Z");
    assert_eq!(detail["day"], "2026-01-05");
    assert_eq!((&detail["number"], &detail["hour"]), (&"0001".into(), &15.into()));
    assert_eq!(census.rows[2].detail["note"], serde_json::Value::Null);
    assert_eq!(census.reasons.len(), 2);
    assert_eq!(census.populations["changes"].rows, 3);
}

#[test]
fn lost_doubled_unknown_and_unreasoned_units_are_refused() {
    let lost = refusal(&format!("{PASS_ALL} WHERE cost IS NOT NULL"));
    assert!(lost.contains("1 of 3 units have no result, for example \"CHG-0003\""), "{lost}");
    let doubled = refusal(&format!("{PASS_ALL} UNION ALL {PASS_ALL}"));
    assert!(doubled.contains("more than one row for the unit \"CHG-0001\""), "{doubled}");
    let unknown = refusal(&format!("{PASS_ALL} UNION ALL SELECT 'CHG-9', 'pass', NULL"));
    assert!(unknown.contains("1 results belong to no unit, for example \"CHG-9\""), "{unknown}");
    let word = refusal("SELECT id AS unit, 'ok' AS result, '' AS reason FROM changes");
    assert!(word.contains("pass, exception, unmatched or excluded"), "{word}");
    let silent = refusal("SELECT id AS unit, 'excluded' AS result, ' ' AS reason FROM changes");
    assert!(silent.contains("without a reason"), "{silent}");
    let empty =
        refusal("SELECT CAST(NULL AS TEXT) AS unit, 'pass' AS result, '' AS reason FROM changes");
    assert!(empty.contains("without a unit"), "{empty}");
    let column = refusal("SELECT id AS unit, 'pass' AS result FROM changes");
    assert!(column.contains("no column \"reason\""), "{column}");
    let kind =
        refusal("SELECT id AS unit, 'pass' AS result, '' AS reason, at - at AS gap FROM changes");
    assert!(kind.contains("which a result cannot hold"), "{kind}");
    let unnamed =
        refusal("SELECT id AS unit, 'pass' AS result, '' AS reason, cost + 1 FROM changes");
    assert!(unnamed.contains("write … AS name"), "{unnamed}");
}

#[test]
fn a_test_reads_and_does_nothing_else() {
    for (sql, words) in [
        ("DROP TABLE changes", "must be a SELECT"),
        ("CREATE TABLE x AS SELECT 1", "must be a SELECT"),
        ("CREATE EXTERNAL TABLE x STORED AS PARQUET LOCATION '/etc/passwd'", "must be a SELECT"),
        ("COPY changes TO '/tmp/out.parquet'", "must be a SELECT"),
        ("INSERT INTO changes SELECT * FROM changes", "must be a SELECT"),
        ("DELETE FROM changes", "must be a SELECT"),
        ("SET datafusion.execution.batch_size = 1", "must be a SELECT"),
        ("EXPLAIN SELECT 1", "must be a SELECT"),
        ("SHOW TABLES", "must be a SELECT"),
        ("SELECT 1; SELECT 2", "several statements"),
        ("SELECT * INTO x FROM changes", "SELECT INTO"),
        ("SELECT * FROM '/etc/passwd'", "not found"),
        ("SELECT * FROM information_schema.tables", "not found"),
        ("SELECT * FROM generate_series(1, 3)", "generate_series"),
        ("SELECT * FROM other", "not found"),
        (
            "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r",
            "RECURSIVE",
        ),
        ("SELECT id AS AS unit FROM changes", "Expected"),
        ("", "must be a SELECT"),
    ] {
        let message = refusal(sql);
        assert!(message.contains(words), "{sql}: {message}");
    }
}

#[test]
fn a_test_gives_the_same_answer_every_time() {
    for (call, words) in [
        ("now()", "another answer each time"),
        ("current_timestamp", "another answer each time"),
        ("current_date", "another answer each time"),
        ("random()", "another answer each time"),
        ("uuid()", "another answer each time"),
        ("version()", "another answer each time"),
        ("\"now\"()", "not available"),
        ("pg_read_file('x')", "not available"),
        ("(SELECT approx_distinct(id) FROM changes)", "approximate"),
        ("(SELECT string_agg(id, ',') FROM changes)", "order of rows"),
        ("(SELECT array_agg(id ORDER BY id) FROM changes)", "not available"),
        ("string_agg(id, ',') OVER (ORDER BY id)", "longer text with every row"),
        ("named_struct('a', id)", "not available"),
        ("overlay(id PLACING id FROM 1 FOR 0)", "write it with left, || and substr"),
        ("(id, id)", "made of several values"),
        ("(SELECT first_value(id) FROM changes)", "order of rows"),
        ("(SELECT id FROM changes LIMIT 1)", "LIMIT without ORDER BY"),
        ("(SELECT DISTINCT ON (note) id FROM changes)", "DISTINCT ON without ORDER BY"),
        ("$unknown", "no such parameter"),
    ] {
        let message = refusal(&format!(
            "SELECT id AS unit, 'pass' AS result, '' AS reason, {call} AS x FROM changes"
        ));
        assert!(message.contains(words), "{call}: {message}");
    }
    let ordered = "SELECT id AS unit, 'pass' AS result, '' AS reason,
        (SELECT string_agg(id, ',' ORDER BY id) FROM changes) AS all_ids,
        (SELECT id FROM changes ORDER BY id DESC LIMIT 1) AS last_id FROM changes";
    let one = census(&test_of(ordered)).unwrap();
    assert_eq!(one.rows[0].detail["all_ids"], "CHG-0001,CHG-0002,CHG-0003");
    assert_eq!(one.rows[0].detail["last_id"], "CHG-0003");
    assert_eq!(census(&test_of(ordered)).unwrap().result_sha256, one.result_sha256);
}

#[test]
fn memory_and_time_are_bounded() {
    let work = tempfile::tempdir().unwrap();
    let rows: String =
        (0..3_000).map(|at| format!("F-{at},2026-01-05T10:00:00Z,1,yes,x\n")).collect();
    let frozen = keep(
        CHANGES,
        vec![source(format!("id,merged at,cost,urgent,note\n{rows}"))],
        &work.path().join("p"),
    );
    let populations = BTreeMap::from([("changes".to_owned(), frozen)]);
    // 27 thousand million pairs.
    let test = parse_test(&test_of(
        "SELECT max(a.id || b.id || c.id) AS unit, 'pass' AS result, '' AS reason FROM changes a, changes b, changes c",
    ))
    .unwrap();
    let base = || CensusOptions::with_spill(work.path());
    let options = CensusOptions { time_max: Duration::from_millis(500), ..base() };
    let error = run(&test, &populations, &values(&[]), &options).unwrap_err();
    assert!(matches!(&error, Error::Limit(message) if message.contains("0.5 seconds")), "{error}");

    let watch = Counters::default();
    watch.cancel();
    let options = CensusOptions { watch: &watch, ..base() };
    let error = run(&test, &populations, &values(&[]), &options).unwrap_err();
    assert!(matches!(error, Error::Cancelled), "{error}");

    let hungry = parse_test(&test_of(
        "SELECT a.id || b.id AS unit, 'pass' AS result, count(*) || '' AS reason FROM changes a, changes b GROUP BY a.id || b.id",
    ))
    .unwrap();
    let options = CensusOptions { memory_bytes_max: 3 << 20, spill_bytes_max: 1 << 20, ..base() };
    let error = run(&hungry, &populations, &values(&[]), &options).unwrap_err();
    assert!(matches!(error, Error::Limit(_)), "{error}");
}

#[test]
fn no_function_makes_a_text_of_any_length_or_numbers_rows_as_they_arrive() {
    for call in ["Repeat('x', 2000000000)", "lpad('x', 2000000000, 'y')", "RPAD(id, 900000000)"] {
        let sql = format!("SELECT {call} AS unit, 'pass' AS result, '' AS reason FROM changes");
        assert!(refusal(&sql).contains("any length"), "{sql}");
        let quoted = sql.replacen(call.split('(').next().unwrap(), "\"repeat\"", 1);
        assert!(refusal(&quoted).contains("not available"), "{quoted}");
    }
    let of = |window: &str| {
        format!("SELECT id AS unit, 'pass' AS result, '' AS reason, {window} AS x FROM changes")
    };
    for window in ["row_number() OVER ()", "Lag(cost) OVER (PARTITION BY urgent)"] {
        assert!(refusal(&of(window)).contains("ORDER BY"), "{window}");
    }
    assert_eq!(census(&test_of(&of("row_number() OVER (ORDER BY id)"))).unwrap().pass, 3);
    for clock in ["NOW()", "Random()", "uuid()", "current_date", "LOCALTIMESTAMP"] {
        assert!(refusal(&of(clock)).contains("each time it runs"), "{clock}");
    }
    for reads in ["'/etc/passwd'", "read_csv('/etc/passwd')", "information_schema.tables"] {
        let sql = format!("SELECT 'a' AS unit, 'pass' AS result, '' AS reason FROM {reads}");
        assert!(refusal(&sql).contains("not found"), "{sql}");
    }
}

#[test]
fn what_the_engine_would_read_over_is_refused() {
    for (sql, words) in [
        ("SELECT id AS unit FROM changes TABLESAMPLE BERNOULLI (10)", "TABLESAMPLE takes any rows"),
        ("SELECT id AS unit FROM changes TABLESAMPLE SYSTEM (1) REPEATABLE (3)", "TABLESAMPLE"),
        ("SELECT id FROM (SELECT id FROM changes) TABLESAMPLE (10 ROWS)", "TABLESAMPLE"),
        (
            "SELECT id FROM changes JOIN changes b TABLESAMPLE (50 PERCENT) USING (id)",
            "TABLESAMPLE",
        ),
        ("SELECT id FROM changes FOR UPDATE", "FOR UPDATE"),
        ("SELECT id FROM changes SORT BY id", "SORT BY"),
        ("SELECT TOP 1 id FROM changes", "TOP"),
        (
            "SELECT id FROM changes UNION ALL SELECT DISTINCT ON (note) id FROM changes ORDER BY id",
            "DISTINCT ON",
        ),
        ("SELECT id FROM changes UNION ALL SELECT id INTO x FROM changes", "SELECT INTO"),
    ] {
        let message = refusal(sql);
        assert!(message.contains(words), "{sql}: {message}");
    }
}

/// A query of steps, each made of the one before.
fn steps(first: &str, each: &str, count: usize, last: &str) -> String {
    let mut sql = format!("WITH s0 AS ({first})");
    for n in 1..=count {
        sql += &format!(", s{n} AS ({})", each.replace("BEFORE", &format!("s{}", n - 1)));
    }
    format!("{sql} {}", last.replace("LAST", &format!("s{count}")))
}

#[test]
fn texts_that_grow_with_every_step_are_stopped() {
    let first = "SELECT id, id AS x FROM changes";
    let last = "SELECT id AS unit, 'pass' AS result, CAST(length(x) AS TEXT) AS reason FROM LAST";
    for grows in [
        "x || x",
        "x || '-' || x",
        "concat(x, x)",
        "concat_ws('-', x, x)",
        "replace(x, 'C', x)",
        "replace(replace(x, 'C', 'CCCCCCCC'), 'H', 'CCCCCCCC')",
    ] {
        let each = format!("SELECT id, max({grows}) AS x FROM BEFORE GROUP BY id");
        let message = refusal(&steps(first, &each, 28, last));
        assert!(message.contains("a text of more than 32768 bytes"), "{grows}: {message}");
    }
    // All ids as one text, joined to every row.
    let work = tempfile::tempdir().unwrap();
    let rows: String =
        (0..9_000).map(|at| format!("F-{at},2026-01-05T10:00:00Z,1,yes,x\n")).collect();
    let rows = format!("id,merged at,cost,urgent,note\n{rows}");
    let sql = "SELECT id AS unit, 'pass' AS result, (SELECT string_agg(id, ',' ORDER BY id) FROM changes) AS reason FROM changes";
    let message = census_over(CHANGES, &rows, &test_of(sql)).unwrap_err().to_string();
    assert!(message.contains("a text of more than 32768 bytes"), "{message}");
    let far = "SELECT id AS unit, 'pass' AS result, CAST(levenshtein(a, a) AS TEXT) AS reason FROM (SELECT id, replace(id, 'C', $long) AS a FROM changes)";
    let far = far.replace("$long", &format!("'{}'", "y".repeat(2_000)));
    assert!(refusal(&far).contains("levenshtein compares"), "{far}");
    // What is within bounds comes out as ever.
    let sql = "SELECT id AS unit, 'pass' AS result, replace(id, 'CHG', 'C') || ' ' || concat(note, '!') || concat_ws('-', id, 5) AS reason FROM changes WHERE note IS NOT NULL UNION ALL SELECT id, 'excluded', coalesce(id || note, 'no note') FROM changes WHERE note IS NULL";
    let census = census(&test_of(sql)).unwrap();
    let reasons: Vec<&str> = census.rows.iter().filter_map(|r| r.reason.as_deref()).collect();
    assert!(reasons.contains(&"C-0001 first!CHG-0001-5"), "{reasons:?}");
    assert!(reasons.contains(&"no note"), "{reasons:?}");
    drop(work);
}

#[test]
fn queries_that_double_with_every_step_are_refused_before_they_are_planned() {
    let last = "SELECT id AS unit, 'pass' AS result, '' AS reason FROM LAST";
    let twice = "SELECT a.id FROM BEFORE a JOIN BEFORE b ON a.id = b.id";
    let message = refusal(&steps("SELECT id FROM changes", twice, 40, last));
    assert!(message.contains("reads its lists more than 1000 times"), "{message}");
    let inside = twice.replace("BEFORE a", "(SELECT * FROM BEFORE) a");
    let message = refusal(&steps("SELECT id FROM changes", &inside, 40, last));
    assert!(message.contains("reads its lists more than 1000 times"), "{message}");
    let longer = "SELECT id, cost + cost AS cost FROM BEFORE";
    let last = "SELECT id AS unit, 'pass' AS result, '' AS reason FROM LAST WHERE cost > 0";
    let message = refusal(&steps("SELECT id, cost FROM changes", longer, 40, last));
    assert!(message.contains("more than 100000 parts"), "{message}");
    let once = "SELECT id, cost + 1 AS cost FROM BEFORE";
    let last = "SELECT id AS unit, 'pass' AS result, '' AS reason FROM LAST";
    assert_eq!(
        census(&test_of(&steps("SELECT id, cost FROM changes", once, 40, last))).unwrap().pass,
        3
    );
}

#[test]
fn what_gathers_rows_keeps_to_its_memory_and_time() {
    let work = tempfile::tempdir().unwrap();
    let rows: String =
        (0..3_000).map(|at| format!("F-{at},2026-01-05T10:00:00Z,1,yes,x\n")).collect();
    let frozen = keep(
        CHANGES,
        vec![source(format!("id,merged at,cost,urgent,note\n{rows}"))],
        &work.path().join("p"),
    );
    let populations = BTreeMap::from([("changes".to_owned(), frozen)]);
    let result = "AS unit, 'pass' AS result, '' AS reason";
    let pairs = "FROM changes a, changes b";
    let threes = format!("{pairs}, changes c");
    for sql in [
        format!("SELECT string_agg(a.id || b.id, ',' ORDER BY a.id) {result} {pairs}"),
        format!(
            "SELECT string_agg(DISTINCT a.id || b.id, ',' ORDER BY a.id || b.id) {result} {pairs}"
        ),
        format!(
            "SELECT max(n) || '' {result} FROM (SELECT count(DISTINCT a.id || b.id) AS n {pairs})"
        ),
        format!(
            "SELECT x || n {result} FROM (SELECT a.id || b.id AS x, row_number() OVER (PARTITION BY a.id || b.id ORDER BY b.id) AS n {pairs})"
        ),
        format!("SELECT DISTINCT a.id || b.id || c.id {result} {threes}"),
        format!("SELECT a.id || b.id {result} {threes} ORDER BY c.id || a.id || b.id"),
        format!(
            "SELECT a.id || b.id {result} {threes} WHERE replace(a.id || b.id || c.id, 'F', 'GG') LIKE '%z%'"
        ),
    ] {
        let test = parse_test(&test_of(&sql)).unwrap();
        let options = CensusOptions {
            memory_bytes_max: 8 << 20,
            spill_bytes_max: 4 << 20,
            time_max: Duration::from_secs(4),
            ..CensusOptions::with_spill(work.path())
        };
        let begun = std::time::Instant::now();
        let error = run(&test, &populations, &values(&[]), &options).unwrap_err();
        assert!(matches!(error, Error::Limit(_)), "{sql}: {error}");
        assert!(begun.elapsed() < Duration::from_secs(60), "{sql}");
    }
}

#[test]
fn deep_and_long_queries_do_not_bring_it_down() {
    let chain = vec!["cost > 0"; 600].join(" OR ");
    let sql =
        format!("SELECT id AS unit, 'pass' AS result, '' AS reason, ({chain}) AS x FROM changes");
    assert_eq!(census(&test_of(&sql)).unwrap().pass, 3);
    let nested = format!("SELECT {}1{} AS x FROM changes", "(".repeat(5_000), ")".repeat(5_000));
    refusal(&nested);
    let long = format!("SELECT {} AS x FROM changes", vec!["1"; 30_000].join("+"));
    refusal(&long);
    let longer = format!("SELECT '{}' AS x FROM changes", "x".repeat(70_000));
    assert!(refusal(&longer).contains("longer than 65536 bytes"));
}

#[test]
fn parameters_are_asked_for_typed_and_cannot_break_out() {
    let test = |extra: &str| {
        format!(
            "{}[parameters.limit]\ntype = \"duration\"\nquestion = \"How long?\"\n[parameters.word]\ntype = \"text\"\nquestion = \"Which word?\"\n{extra}",
            test_of(
                "SELECT id AS unit, 'pass' AS result, $word AS reason, at + $limit AS due, $span_from AS span_from FROM changes"
            )
            .replace("[populations", "span = { from = \"2026-01-01\", to = \"2026-03-31\" }\n[populations")
        )
    };
    let work = tempfile::tempdir().unwrap();
    let frozen = keep(CHANGES, vec![source(ROWS)], &work.path().join("p"));
    let populations = BTreeMap::from([("changes".to_owned(), frozen)]);
    let run_with = |extra: &str, given: &[(&str, &str)]| {
        run(
            &parse_test(&test(extra)).unwrap(),
            &populations,
            &values(given),
            &CensusOptions::with_spill(work.path()),
        )
    };
    let asked = run_with("", &[("word", "x")]).unwrap_err().to_string();
    assert!(asked.contains("nobody has declared limit. How long?"), "{asked}");
    let wrong = run_with("", &[("word", "x"), ("limit", "soon")]).unwrap_err().to_string();
    assert!(wrong.contains("\"soon\" of limit is not an elapsed time"), "{wrong}");
    let stranger = run_with("", &[("wrod", "x")]).unwrap_err().to_string();
    assert!(
        stranger.contains("no parameter \"wrod\"; its parameters are: limit, word"),
        "{stranger}"
    );

    let sly = "'; DROP TABLE changes; --";
    let census =
        run_with("default = \"fallback\"", &[("word", sly), ("limit", "24 hours")]).unwrap();
    assert_eq!(census.rows[0].reason.as_deref(), Some(sly));
    // One day of elapsed time over the night when clocks go forward.
    let due: Vec<_> = census.rows.iter().map(|row| row.detail["due"].as_str().unwrap()).collect();
    assert_eq!(due[2], "2026-03-08T12:00:00Z");
    assert_eq!(census.rows[0].detail["span_from"], "2026-01-01T05:00:00Z");
    assert_eq!(census.parameters["limit"], "86400 seconds");
    assert_eq!(
        run_with("value = \"mine\"", &[("limit", "1 hours")]).unwrap().rows[0].reason.as_deref(),
        Some("mine")
    );
}

#[test]
fn unreadable_records_stop_a_test_of_all_unless_accepted() {
    let rows = format!("{ROWS}CHG-0004,never,1,yes,x\n");
    let stopped = census_over(CHANGES, &rows, &test_of(PASS_ALL)).unwrap_err().to_string();
    assert!(
        stopped.contains("1 records of the population changes")
            && stopped.contains("row 5, column at"),
        "{stopped}"
    );
    let accepted = test_of(PASS_ALL)
        .replace("[populations.changes]", "[populations.changes]\naccept_refused = true");
    let census = census_over(CHANGES, &rows, &accepted).unwrap();
    assert_eq!((census.population, census.populations["changes"].refused), (3, 1));
}

/// With `out` rows are counted in the order of units, without it in none: the answer is the same, also
/// where there are more reasons than are listed and more rows, and on any number of threads.
#[test]
fn the_answer_does_not_depend_on_order_or_threads() {
    let work = tempfile::tempdir().unwrap();
    let rows: String = (0..20_000)
        .map(|at| format!("F-{},2026-01-05T10:00:00Z,{},yes,x\n", (at * 7_919) % 20_000, at % 7))
        .collect();
    let frozen = keep(
        CHANGES,
        vec![source(format!("id,merged at,cost,urgent,note\n{rows}"))],
        &work.path().join("p"),
    );
    let populations = BTreeMap::from([("changes".to_owned(), frozen)]);
    let test = parse_test(&test_of(
        "SELECT id AS unit, CASE WHEN cost > 3 THEN 'pass' WHEN cost > 1 THEN 'exception' ELSE 'unmatched' END AS result,
         CASE WHEN cost <= 3 THEN 'for ' || substr(id, 1, 5) END AS reason, cost, at FROM changes",
    ))
    .unwrap();
    let base =
        || CensusOptions { rows_listed_max: 9_000, ..CensusOptions::with_spill(work.path()) };
    let out = work.path().join("result");
    let kept = CensusOptions { out: Some(&out), ..base() };
    let mut expected = run(&test, &populations, &values(&[]), &kept).unwrap();
    expected.rows_sha256.clear();
    assert_eq!((expected.reasons.len(), expected.rows.len()), (200, 9_000));
    assert!(expected.reasons_not_listed > 0);
    for threads in [1, 2, 5] {
        let options = CensusOptions { threads, ..base() };
        assert_eq!(run(&test, &populations, &values(&[]), &options).unwrap(), expected);
    }
    // So little memory that nothing but temporary files will do.
    let options = CensusOptions { memory_bytes_max: 24 << 20, ..base() };
    assert_eq!(run(&test, &populations, &values(&[]), &options).unwrap(), expected);
}

#[test]
fn a_kept_result_can_be_verified() {
    let work = tempfile::tempdir().unwrap();
    let frozen = keep(CHANGES, vec![source(ROWS)], &work.path().join("p"));
    let populations = BTreeMap::from([("changes".to_owned(), frozen)]);
    let out = work.path().join("result");
    let options = CensusOptions {
        out: Some(&out),
        rows_listed_max: 1,
        ..CensusOptions::with_spill(work.path())
    };
    let test = parse_test(&test_of(PASS_ALL)).unwrap();
    let census = run(&test, &populations, &values(&[]), &options).unwrap();
    assert_eq!((census.rows.len(), census.rows_not_listed), (1, 2));
    assert_eq!(verify_result(&out).unwrap(), census);
    assert!(matches!(run(&test, &populations, &values(&[]), &options), Err(Error::Refused(_))));

    let record = std::fs::read_to_string(out.join("result.json")).unwrap();
    std::fs::write(out.join("result.json"), record.replace("\"pass\": 3", "\"pass\": 2")).unwrap();
    assert!(verify_result(&out).unwrap_err().to_string().contains("do not agree"));
}

#[test]
fn a_test_file_is_read_strictly() {
    for (from, to, words) in [
        ("[units]", "[unit]", "unit"),
        ("name = \"t\"", "", "name"),
        ("America/New_York", "Nowhere", "IANA"),
        ("[populations.changes]", "[populations.\"Changes\"]", "lower-case"),
        ("[populations.changes]", "[populations.changes]\nfile = \"x.csv\"", "needs schema"),
        (
            "[populations.changes]",
            "[parameters.zone]\ntype = \"text\"\nquestion = \"q\"\n[populations.changes]",
            "none of zone",
        ),
        (
            "[populations.changes]",
            "[parameters.x]\ntype = \"choice\"\nquestion = \"q\"\n[populations.changes]",
            "choices",
        ),
    ] {
        let error = parse_test(&test_of(PASS_ALL).replace(from, to)).unwrap_err().to_string();
        assert!(error.contains(words), "{to}: {error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn invariant_02_totals_add_up_for_any_rows(results in prop::collection::vec(0_u8..4, 1..60)) {
        let words = ["pass", "exception", "unmatched", "excluded"];
        let rows: String = results
            .iter()
            .enumerate()
            .map(|(at, result)| format!("G-{at},2026-01-05T10:00:00Z,1,yes,{}\n", words[usize::from(*result)]))
            .collect();
        let census = census_over(
            CHANGES,
            &format!("id,merged at,cost,urgent,note\n{rows}"),
            &test_of("SELECT id AS unit, note AS result, 'because' AS reason FROM changes"),
        )
        .unwrap();
        let count = |wanted: u8| results.iter().filter(|result| **result == wanted).count() as u64;
        prop_assert_eq!(census.population, results.len() as u64);
        prop_assert_eq!(census.population, census.pass + census.exceptions + census.unmatched + census.excluded);
        prop_assert_eq!((census.pass, census.exceptions), (count(0), count(1)));
        prop_assert_eq!((census.unmatched, census.excluded), (count(2), count(3)));
    }

    #[test]
    fn no_test_file_makes_it_panic(text in "[a-z\\[\\]=\"\n #.]{0,200}") {
        let _ = parse_test(&text);
    }
}
