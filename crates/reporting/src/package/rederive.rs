//! Populations, selections, runs and workpapers made again from the played entries and the files.

use super::Manifest;
use super::check::PAPER_BYTES_MAX;
use super::papers::{FOLDER, workpapers};
use super::read::Package;
use super::reperform::{Work, told};
use examination::engine;
use examination::model::{Census, DeviationSource, Item, JudgedRow, Population, Sample, Test};
use examination::rules::item::{ItemOutcome, item_outcome};
use examination::service::effective_seed;
use examination::store::{Papers, census_rows, censuses};
use kernel::ids::EngagementId;
use platform::blobs::Blobs;
use platform::db::{Conn, Result, Tx};
use serde_json::Value;
use std::collections::BTreeSet;

/// Makes everything again.
pub(super) fn everything(
    tx: &mut Tx<'_>,
    engagement: EngagementId,
    blobs: &Blobs,
    package: &mut Package,
    manifest: &Manifest,
    work: &mut Work,
) -> Result<()> {
    let papers = Papers::load(tx, engagement)?;
    for population in papers.populations.values() {
        rehash(blobs, population, work);
    }
    for test in &papers.tests {
        for sample in papers.samples.get(&test.id).into_iter().flatten() {
            redraw(blobs, &papers, test, sample, work);
            recheck(&papers, test, sample, work);
        }
        for run in censuses(tx, papers.file, test.id)? {
            rerun(tx, blobs, &papers, test, &run, work)?;
        }
    }
    rewrite(tx, engagement, package, manifest, work)
}

/// The hash of a population from its rows.
fn rehash(blobs: &Blobs, population: &Population, work: &mut Work) {
    let body = &population.body;
    let object = format!("population {} ({})", body.name, population.id);
    match engine::rehash(blobs, body) {
        Err(e) => work.differs(&object, "population hash", &body.canonical_sha256, &told(&e)),
        Ok(found) => {
            let (stored, derived) = (&body.canonical_sha256, &found.canonical_sha256);
            work.compare(&object, "population hash", stored, derived);
            work.compare(
                &object,
                "digest of the schema",
                &body.schema_sha256,
                &found.schema_sha256,
            );
            work.compare(&object, "rows", &body.rows.to_string(), &found.rows.to_string());
            work.compare(&object, "key", &body.key.join(", "), &found.key.join(", "));
            work.derived("populations", &object, found.canonical_sha256.as_bytes());
        }
    }
}

/// The items of a sample from the population's rows and the seed.
fn redraw(blobs: &Blobs, papers: &Papers, test: &Test, sample: &Sample, work: &mut Work) {
    let body = &sample.body;
    if !body.method.is_derived() {
        return;
    }
    let object = format!("selection for test {} ({})", test.plan.code, sample.id);
    let Some(population) = body.population.and_then(|id| papers.populations.get(&id)) else {
        return work.differs(&object, "population", "named", "not in the package");
    };
    let frozen = &population.body;
    let none = String::new();
    let stored = body.population_sha256.as_ref().unwrap_or(&none);
    work.compare(&object, "population hash", stored, &frozen.canonical_sha256);
    let seed = body.seed.as_ref().unwrap_or(&none);
    let effective = effective_seed(&frozen.canonical_sha256, seed)
        .unwrap_or_else(|refusal| refusal.to_string());
    work.compare(
        &object,
        "effective seed",
        body.effective_seed.as_ref().unwrap_or(&none),
        &effective,
    );
    if body.seed_drawn_at.is_none_or(|at| at < frozen.frozen_at) {
        let stored = body.seed_drawn_at.map_or_else(|| "no time".to_owned(), |at| at.to_rfc3339());
        let derived = format!("not before the freeze at {}", frozen.frozen_at.to_rfc3339());
        work.differs(&object, "seed drawn", &stored, &derived);
    }
    match engine::draw_again(blobs, frozen, body) {
        Err(e) => work.differs(&object, "selected items", &body.selected.join(", "), &told(&e)),
        Ok(derived) => {
            if derived != body.selected {
                let place = derived.iter().zip(&body.selected).take_while(|(a, b)| a == b).count();
                let at = |list: &[String]| {
                    list.get(place).cloned().unwrap_or_else(|| "nothing".to_owned())
                };
                let value = format!("selected item {}", place + 1);
                work.differs(&object, &value, &at(&body.selected), &at(&derived));
            }
            work.derived("selections", &object, derived.join("\n").as_bytes());
        }
    }
}

/// The items of a sheet against the deviations recorded for them.
fn recheck(papers: &Papers, test: &Test, sample: &Sample, work: &mut Work) {
    let named: BTreeSet<&String> = papers
        .deviations_of(test.id)
        .filter_map(|d| match &d.source {
            DeviationSource::Sample { sample: of, items } if *of == sample.id => Some(items),
            _ => None,
        })
        .flatten()
        .collect();
    let items: &[Item] = papers.items.get(&sample.id).map_or(&[], Vec::as_slice);
    for item in items {
        let object = format!("item {} of test {}", item.facts.id, test.plan.code);
        let outcome = item_outcome(&item.facts);
        if named.contains(&item.facts.id) && outcome == Ok(ItemOutcome::Pass) {
            work.differs(&object, "result", "passed", "a deviation is recorded for it");
        }
        if item.tested_by.is_some() && item.tested_by == item.reviewed_by {
            work.differs(&object, "reviewed by", "the tester", "somebody else");
        }
        work.derived("item results", &object, format!("{outcome:?}").as_bytes());
    }
}

/// A full-population run, in the sandbox.
fn rerun(
    tx: &mut Tx<'_>,
    blobs: &Blobs,
    papers: &Papers,
    test: &Test,
    run: &Census,
    work: &mut Work,
) -> Result<()> {
    let (body, object) =
        (&run.body, format!("full-population run of test {} ({})", test.plan.code, run.id));
    match engine::result_again(blobs, body) {
        Err(e) => work.differs(&object, "kept result set", &body.result_sha256, &told(&e)),
        Ok(found) => work.compare(&object, "kept result set", &body.result_sha256, &found),
    }
    let again = match engine::run_again(blobs, body, &papers.populations) {
        Err(e) => {
            work.differs(&object, "result", &body.result_sha256, &told(&e));
            return Ok(());
        }
        Ok(again) => again,
    };
    let found = &again.body;
    for (value, stored, derived) in [
        ("items", body.population, found.population),
        ("passed", body.pass, found.pass),
        ("exceptions", body.exceptions, found.exceptions),
        ("unmatched", body.unmatched, found.unmatched),
        ("excluded", body.excluded, found.excluded),
    ] {
        work.compare(&object, value, &stored.to_string(), &derived.to_string());
    }
    work.compare(&object, "hash of the result", &body.result_sha256, &found.result_sha256);
    work.compare(
        &object,
        "parameters",
        &format!("{:?}", body.parameters),
        &format!("{:?}", found.parameters),
    );
    let stored = all_rows(tx, papers, run)?;
    let same = stored.len() == again.rows.len()
        && stored.iter().zip(&again.rows).all(|(a, b)| a.row == *b);
    if !same {
        let place = stored.iter().zip(&again.rows).take_while(|(a, b)| a.row == **b).count();
        let words = |row: Option<&examination::model::CensusRow>| {
            row.map_or_else(
                || "no row".to_owned(),
                |r| format!("{} {}: {}", r.key, r.outcome.as_str(), r.detail),
            )
        };
        let (was, is) = (stored.get(place).map(|r| &r.row), again.rows.get(place));
        work.differs(&object, &format!("row {}", place + 1), &words(was), &words(is));
    }
    work.derived("full-population runs", &object, found.result_sha256.as_bytes());
    Ok(())
}

fn all_rows(conn: &mut Conn<'_>, papers: &Papers, run: &Census) -> Result<Vec<JudgedRow>> {
    let mut rows: Vec<JudgedRow> = Vec::new();
    loop {
        let after = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let more = census_rows(conn, papers.file, run.id, after, 5_000)?;
        if more.is_empty() {
            return Ok(rows);
        }
        rows.extend(more);
    }
}

/// The workpapers from the played entries, against those of the package.
fn rewrite(
    tx: &mut Tx<'_>,
    engagement: EngagementId,
    package: &mut Package,
    manifest: &Manifest,
    work: &mut Work,
) -> Result<()> {
    let made = workpapers(tx, engagement)?;
    let listed: BTreeSet<&str> = manifest
        .papers
        .iter()
        .map(|p| p.name.as_str())
        .filter(|n| n.strip_prefix(FOLDER).is_some_and(|rest| rest.starts_with('/')))
        .collect();
    for (name, derived) in &made.texts {
        work.derived("workpapers", name, derived);
        let about = made.subjects.get(name).map_or(name.as_str(), String::as_str);
        if !listed.contains(name.as_str()) {
            // The first format had none.
            if !manifest.papers.is_empty() {
                work.differs(&format!("workpaper of {about}"), "file", "missing", name);
            }
            continue;
        }
        match package.read(name, PAPER_BYTES_MAX) {
            Err(why) => work.differs(&format!("workpaper of {about}"), "file", &why, name),
            Ok(stored) if stored == *derived => {}
            Ok(stored) => apart(about, &stored, derived, work),
        }
    }
    for name in listed.iter().filter(|n| !made.texts.contains_key(**n)) {
        work.differs(
            &format!("workpaper {name}"),
            "file",
            "in the package",
            "nothing follows from the record",
        );
    }
    Ok(())
}

/// Names every value in which two papers differ.
fn apart(about: &str, stored: &[u8], derived: &[u8], work: &mut Work) {
    let object = format!("workpaper of {about}");
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap_or(Value::Null);
    let (stored, derived) = (read(stored), read(derived));
    if stored == derived {
        return work.differs(
            &object,
            "form",
            "written in another way",
            "the way in which papers are written",
        );
    }
    values_apart(&object, String::new(), &stored, &derived, work);
}

fn values_apart(object: &str, at: String, stored: &Value, derived: &Value, work: &mut Work) {
    match (stored, derived) {
        _ if stored == derived => {}
        (Value::Object(a), Value::Object(b)) => {
            let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for name in names {
                let of = |v: &serde_json::Map<String, Value>| {
                    v.get(name).cloned().unwrap_or(Value::Null)
                };
                values_apart(object, format!("{at}/{name}"), &of(a), &of(b), work);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (n, (a, b)) in a.iter().zip(b).enumerate() {
                values_apart(object, format!("{at}/{n}"), a, b, work);
            }
        }
        _ => work.differs(object, &at, &stored.to_string(), &derived.to_string()),
    }
}
