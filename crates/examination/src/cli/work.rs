//! The commands that work over frozen rows: `tickmark examine freeze`, `examine select`,
//! `examine check` and `examine census`.

use super::examine::{FileArgs, permit, test_of};
use crate::engine::{self, CensusRequest, FreezeInput};
use crate::ipe::model::{
    CheckAnswer, Explanation, Generator, Reconciliation, Representation, Retrieval, ZeroProof,
};
use crate::ipe::service as ipe;
use crate::model::{Population, PopulationId, PopulationJudgement, SelectionMethod};
use crate::permits::{KeepPopulations, PerformTests, ReadFile};
use crate::rules::cover::in_words;
use crate::rules::span::Span as Days;
use crate::service::{self, SampleInput};
use crate::store;
use crate::supplied::model::{Coverage, Origin};
use clap::Args;
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::cli::{Answer, Context, Failed, Outcome};
use platform::db::{Conn, Result, Tx};
use populations::SourceFile;
use populations::times::Span;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The longest schema or test file, in bytes.
const TEXT_BYTES_MAX: u64 = 1024 * 1024;

/// Freezes files into the firm's file.
#[derive(Debug, Clone, Args)]
pub struct FreezeArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The data, FILE or FILE@2026-01 for a snapshot that speaks for that date
    #[arg(required = true)]
    pub files: Vec<String>,
    /// What the columns mean: a SCHEMA.toml, or library:TEST/FILE for a schema of the library
    #[arg(long)]
    pub schema: String,
    /// What the population is called; the schema's name when left out
    #[arg(long, default_value = "")]
    pub name: String,
    /// Where the data came from and how it was made
    #[arg(long, default_value = "")]
    pub source: String,
    /// The code of a control that should have operated on the rows; given once for each
    #[arg(long = "control")]
    pub controls: Vec<String>,
    /// The first day whose occurrences the data holds, where the schema does not say
    #[arg(long, requires = "to")]
    pub from: Option<String>,
    /// The last day whose occurrences the data holds, where the schema does not say
    #[arg(long, requires = "from")]
    pub to: Option<String>,
    /// organisation, which is then shown name, rows and hash in its own log, or firm where it obtained the
    /// data elsewhere
    #[arg(long)]
    pub supplied_by: String,
    /// What was recorded of its completeness and accuracy
    #[arg(long, value_name = "CHECKS.toml")]
    pub checks: Option<PathBuf>,
    /// Accept the population as complete and accurate, with what was done to find out
    #[arg(long, value_name = "REASON")]
    pub accept: Option<String>,
}

/// Records checks on completeness and accuracy of a frozen population.
#[derive(Debug, Clone, Args)]
pub struct ChecksArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The population's name or id
    #[arg(long)]
    pub population: String,
    /// What was recorded: retrieval, answers, reconciliation or representation, explanations
    #[arg(long, value_name = "CHECKS.toml")]
    pub checks: Option<PathBuf>,
    /// Accept the population as complete and accurate, with what was done to find out
    #[arg(long, value_name = "REASON")]
    pub accept: Option<String>,
}

/// Draws a sample.
#[derive(Debug, Clone, Args)]
pub struct SelectArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The test's code
    #[arg(long)]
    pub test: String,
    /// The population's name or id
    #[arg(long)]
    pub population: String,
    /// random, systematic or stratified
    #[arg(long, default_value = "random")]
    pub method: String,
    /// How many items
    #[arg(long)]
    pub size: usize,
    /// A seed that was drawn elsewhere; left out, the system draws it, or takes that of an earlier draw from the same rows
    #[arg(long, requires = "seed_source")]
    pub seed: Option<String>,
    /// Where the seed comes from, such as a published draw of numbers; kept with the sample
    #[arg(long, requires = "seed")]
    pub seed_source: Option<String>,
    /// When the seed was drawn, RFC 3339; now when left out
    #[arg(long, requires = "seed")]
    pub seed_drawn_at: Option<String>,
    /// The column that holds the strata
    #[arg(long)]
    pub strata_column: Option<String>,
    /// The least number of items from each stratum; 0 for shares alone
    #[arg(long, value_name = "N", default_value_t = 0, requires = "strata_column")]
    pub minimum: u64,
}

/// Runs a test over every item.
#[derive(Debug, Clone, Args)]
pub struct CensusArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The test's code
    #[arg(long)]
    pub test: String,
    /// A test of the library
    #[arg(long, conflicts_with = "procedure", required_unless_present = "procedure")]
    pub library: Option<String>,
    /// A test file
    #[arg(long, value_name = "TEST.toml")]
    pub procedure: Option<PathBuf>,
    /// NAME=POPULATION: the name the test uses, and the population's name or id; once for each
    #[arg(long = "population", required = true)]
    pub populations: Vec<String>,
    /// NAME=VALUE of a parameter; once for each
    #[arg(long = "param")]
    pub params: Vec<String>,
}

/// Draws every sample of a test again.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The test's code
    #[arg(long)]
    pub test: String,
}

fn text(path: &Path) -> Result<String, Failed> {
    let problem = |what: String| Failed(format!("{} cannot be read: {what}.", path.display()));
    let file = File::open(path).map_err(|e| problem(e.to_string()))?;
    let mut out = String::new();
    file.take(TEXT_BYTES_MAX + 1).read_to_string(&mut out).map_err(|e| problem(e.to_string()))?;
    if out.len() as u64 > TEXT_BYTES_MAX {
        return Err(problem(format!("it is larger than {TEXT_BYTES_MAX} bytes")));
    }
    Ok(out)
}

fn source(given: &str) -> Result<SourceFile, Failed> {
    let (path, speaks_for) = match given.rsplit_once('@') {
        Some((path, date)) if !Path::new(given).exists() => {
            let date = populations::schema::parse_snapshot_date(date).map_err(Failed)?;
            (Path::new(path), Some(date))
        }
        _ => (Path::new(given), None),
    };
    let file = File::open(path)
        .map_err(|e| Failed(format!("{} cannot be opened: {e}.", path.display())))?;
    let name =
        path.file_name().map_or_else(|| given.to_owned(), |n| n.to_string_lossy().into_owned());
    Ok(SourceFile { name, reader: Box::new(file), speaks_for })
}

/// `tickmark examine freeze FILE… --schema SCHEMA.toml --engagement ID`.
///
/// # Errors
/// One sentence on what is wrong and what to do.
pub fn freeze(cx: &Context, args: &FreezeArgs) -> Outcome {
    let now = cx.env().now();
    let origin = match args.supplied_by.as_str() {
        "organisation" => Origin::Organisation,
        "firm" => Origin::Firm,
        _ => return Err(Failed("--supplied-by: write organisation or firm.".to_owned())),
    };
    let checks = recorded(args.checks.as_deref())?;
    let sources = args.files.iter().map(|f| source(f)).collect::<Result<Vec<_>, _>>()?;
    let asked = args.clone();
    let (controls, period) = cx.db.read_blocking(move |conn| {
        let permit = permit::<KeepPopulations>(conn, &asked.file, now)?;
        let engagement = store::file_of(permit.facts())?.engagement;
        let engagement = scope::store::engagement(conn, engagement)?.ok_or(Refusal::NotFound)?;
        let controls = asked
            .controls
            .iter()
            .map(|code| {
                let found = controls::store::by_code(conn, permit.owner(), code)?;
                let unknown = || Refusal::input(format!("The organisation has no control {code}."));
                Ok(found.ok_or_else(unknown)?.id)
            })
            .collect::<Result<Vec<_>>>()?;
        Ok((controls, engagement.period))
    })?;
    let input = FreezeInput {
        schema: match args.schema.strip_prefix("library:") {
            Some(name) => engine::library_schema(name)?.to_owned(),
            None => text(Path::new(&args.schema))?,
        },
        sources,
        name: args.name.clone(),
        source: args.source.clone(),
        controls,
        span: match (&args.from, &args.to) {
            (Some(from), Some(to)) => Some(Span { from: day(from)?, to: day(to)? }),
            _ => None,
        },
        period,
        origin,
        declared: engine::Declared::default(),
    };
    let body = engine::freeze(&cx.blobs, cx.env().now(), input, &())?;
    let (asked, mut env, recorded) = (args.clone(), cx.env(), body.clone());
    let (id, left_out) = cx.db.write_blocking(move |tx| {
        let permit = permit::<KeepPopulations>(tx, &asked.file, now)?;
        let id = service::record_population(tx, &mut env, &permit, &recorded)?;
        evaluate(tx, &mut env, &permit, (id, 1), checks.as_ref(), asked.accept.as_deref())?;
        Ok((id, left_out(tx, &permit, recorded.coverage.as_ref())?))
    })?;
    let value = json!({
        "population": id,
        "name": body.name,
        "rows": body.rows,
        "canonical_sha256": body.canonical_sha256,
        "columns": body.columns,
        "checks": body.checks,
        "coverage": body.coverage,
        "left_out": left_out,
    });
    let mut text = format!(
        "Froze {} rows as {} ({id}).\nPopulation hash {}",
        body.rows, body.name, body.canonical_sha256
    );
    text.extend(left_out_line(&left_out));
    Answer::new(&value, text)
}

/// The days of the period that what is covered leaves out.
fn left_out<A>(
    conn: &mut Conn<'_>,
    permit: &Permit<A>,
    coverage: Option<&Coverage>,
) -> Result<Vec<Days>> {
    let engagement = store::file_of(permit.facts())?.engagement;
    let engagement = scope::store::engagement(conn, engagement)?.ok_or(Refusal::NotFound)?;
    Ok(coverage.map_or_else(Vec::new, |c| crate::supplied::rules::left_out(c, &engagement)))
}

fn left_out_line(days: &[Days]) -> Option<String> {
    (!days.is_empty()).then(|| {
        format!(
            "\nOf the period under examination it leaves out {}. No control is said to have operated then by this list alone: freeze the remaining days too.",
            in_words(days)
        )
    })
}

fn day(text: &str) -> Result<kernel::period::Date, Failed> {
    kernel::period::parse_date(text).map_err(|fault| Failed(format!("{fault}.")))
}

/// What a file of checks holds: as much of each as there is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Recorded {
    retrieval: Option<Retrieved>,
    reconciliation: Option<Reconciliation>,
    representation: Option<Representation>,
    answers: Vec<Answered>,
    explanations: Vec<Explanation>,
    zero: Option<ZeroProof>,
    growth: Option<Grew>,
}

/// Why what the source gained since the freeze does not belong to the population.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Grew {
    why: String,
}

/// How a list was retrieved, with the time as people write it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Retrieved {
    system: String,
    generator: Generator,
    query: String,
    #[serde(default)]
    parameters: String,
    made_by: String,
    /// RFC 3339.
    made_at: String,
    output_sha256: Option<String>,
    observed: bool,
    operates_control: bool,
}

impl Retrieved {
    fn read(&self) -> Result<Retrieval> {
        let made_at = Timestamp::parse(&self.made_at)
            .map_err(|fault| Refusal::field("made_at", format!("made_at: {fault}")))?;
        let Self { generator, observed, operates_control, .. } = *self;
        let Self { system, query, parameters, made_by, output_sha256, .. } = self.clone();
        Ok(Retrieval {
            system,
            generator,
            query,
            parameters,
            made_by,
            made_at,
            output_sha256,
            observed,
            operates_control,
            collector: None,
        })
    }
}

#[derive(Debug, Clone, Deserialize)]
struct Answered {
    check: u8,
    #[serde(flatten)]
    answer: CheckAnswer,
}

fn recorded(path: Option<&Path>) -> Result<Option<Recorded>, Failed> {
    let Some(path) = path else { return Ok(None) };
    toml::from_str(&text(path)?)
        .map(Some)
        .map_err(|fault| Failed(format!("{}: {fault}", path.display())))
}

/// Records what a file says of a population's checks, and accepts the population by them where asked to.
fn evaluate(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepPopulations>,
    (id, version): (PopulationId, i64),
    checks: Option<&Recorded>,
    accept: Option<&str>,
) -> Result<()> {
    if let Some(said) = checks {
        if let Some(made) = &said.retrieval {
            ipe::record_retrieval(tx, env, permit, id, &made.read()?)?;
        }
        if let Some(counts) = &said.reconciliation {
            ipe::reconcile(tx, env, permit, id, counts)?;
        }
        if let Some(letter) = &said.representation {
            ipe::rely_on_representation(tx, env, permit, id, letter)?;
        }
        for given in &said.answers {
            ipe::answer_check(tx, env, permit, id, given.check, &given.answer)?;
        }
        for why in &said.explanations {
            ipe::explain(tx, env, permit, id, why)?;
        }
        if let Some(proof) = &said.zero {
            ipe::prove_zero(tx, env, permit, id, proof)?;
        }
        if let Some(grew) = &said.growth {
            ipe::explain_growth(tx, env, permit, id, &grew.why)?;
        }
    }
    if let Some(reason) = accept {
        let judgement = PopulationJudgement { accepted: true, reason: reason.to_owned() };
        service::judge_population(tx, env, permit, id, version, &judgement)?;
    }
    Ok(())
}

/// `tickmark examine checks`: records checks of a frozen population, and prints how they stand.
///
/// # Errors
/// One sentence on what is wrong and what to do.
pub fn checks(cx: &Context, args: &ChecksArgs) -> Outcome {
    let now = cx.env().now();
    let said = recorded(args.checks.as_deref())?;
    let (asked, mut env) = (args.clone(), cx.env());
    let (population, states, open, left_out, grown) = cx.db.write_blocking(move |tx| {
        let permit = permit::<KeepPopulations>(tx, &asked.file, now)?;
        let found = population_of(tx, &permit, &asked.population)?;
        let at = (found.id, found.version);
        evaluate(tx, &mut env, &permit, at, said.as_ref(), asked.accept.as_deref())?;
        let file = store::file_of(permit.facts())?;
        let found = store::population(tx, file, found.id)?.ok_or(Refusal::NotFound)?;
        let (recorded, states, _) = ipe::standing(tx, file, &found)?;
        let open = crate::ipe::rules::unready(&found, &recorded);
        let left_out = left_out(tx, &permit, found.body.coverage.as_ref())?;
        let grown = ipe::growth(tx, permit.owner(), &found)?;
        Ok((found, states, open, left_out, grown))
    })?;
    let listed: Vec<serde_json::Value> = states
        .iter()
        .map(|s| json!({ "number": s.number, "outcome": s.outcome, "detail": s.detail }))
        .collect();
    let value = json!({
        "population": population.id,
        "accepted": population.judgement.as_ref().map(|j| j.accepted),
        "checks": listed,
        "open": open,
        "left_out": left_out,
        "source_grew": grown,
    });
    let mut lines: Vec<String> = states
        .iter()
        .map(|s| format!("{} {}: {}", s.number, s.outcome.as_str(), s.detail))
        .collect();
    lines.extend(grown.map(|g| {
        format!(
            "Its source has {} more rows since the freeze, {} of them within its days. The population stays as it was frozen.",
            g.rows, g.in_period
        )
    }));
    lines.push(open.unwrap_or_else(|| format!("{} may be relied on.", population.body.name)));
    let mut text = lines.join("\n");
    text.extend(left_out_line(&left_out));
    Answer::new(&value, text)
}

/// The population of this id, or the newest of this name.
fn population_of<A>(conn: &mut Conn<'_>, permit: &Permit<A>, text: &str) -> Result<Population> {
    let file = store::file_of(permit.facts())?;
    let all = store::populations(conn, file)?;
    let found = all.into_iter().find(|p| p.body.name == text || p.id.to_string() == text);
    let unknown =
        || Refusal::input(format!("There is no frozen population {text}. Freeze it first."));
    Ok(found.ok_or_else(unknown)?)
}

/// When a given seed was drawn.
fn given_at(args: &SelectArgs) -> Result<Option<Timestamp>, Failed> {
    let read =
        |text: &String| Timestamp::parse(text).map_err(|e| Failed(format!("--seed-drawn-at: {e}")));
    args.seed_drawn_at.as_ref().map(read).transpose()
}

/// `tickmark examine select`.
///
/// # Errors
/// One sentence on what is wrong and what to do.
pub fn select(cx: &Context, args: &SelectArgs) -> Outcome {
    let now = cx.env().now();
    let method = SelectionMethod::parse(&args.method)
        .filter(|m| m.is_derived())
        .ok_or_else(|| Failed("--method: write random, systematic or stratified.".to_owned()))?;
    let asked = args.clone();
    let (population, test, before) = cx.db.read_blocking(move |conn| {
        let permit = permit::<PerformTests>(conn, &asked.file, now)?;
        let test = test_of(conn, &permit, &asked.test)?;
        let before = store::samples(conn, store::file_of(permit.facts())?, test.id)?;
        Ok((population_of(conn, &permit, &asked.population)?, test, before))
    })?;
    let mut env = cx.env();
    let (seed, drawn) = match &args.seed {
        None => service::seed_for(&mut env, &before, &population.body.canonical_sha256),
        Some(given) => (given.clone(), given_at(args)?.unwrap_or_else(|| env.now())),
    };
    let column = args.strata_column.clone();
    let choice = engine::Choice {
        method,
        strata_column: column.as_deref(),
        strata_minimum: args.minimum,
        seed: &seed,
        size: args.size,
    };
    let (selected, uncovered) = engine::derive_choice(&cx.blobs, &population.body, &choice)?;
    let input = SampleInput {
        test: test.id,
        population: Some(population.id),
        method,
        strata_column: column,
        size: args.size,
        seed: seed.clone(),
        seed_drawn_at: drawn,
        named: Vec::new(),
        reason: String::new(),
        notes: crate::model::SelectionNotes {
            uncovered,
            strata_minimum: args.minimum,
            seed_source: args.seed_source.clone().unwrap_or_default(),
            ..Default::default()
        },
    };
    let (file, items, asked) = (args.file.clone(), selected.clone(), input.clone());
    let (id, before_checks) = cx.db.write_blocking(move |tx| {
        let permit = permit::<PerformTests>(tx, &file, now)?;
        let drawn =
            service::draw_sample(tx, &mut env, &permit, &asked, &mut |_| Ok(items.clone()))?;
        let kept = store::sample(tx, store::file_of(permit.facts())?, drawn)?;
        Ok((drawn, kept.map(|s| s.body.notes.before_checks).unwrap_or_default()))
    })?;
    let value = json!({
        "sample": id,
        "selected": selected,
        "population_sha256": population.body.canonical_sha256,
        "method": method,
        "strata_minimum": args.minimum,
        "uncovered_months": input.notes.uncovered,
        "before_checks": before_checks,
        "seed": input.seed,
        "effective_seed": service::effective_seed(&population.body.canonical_sha256, &input.seed)?,
    });
    let mut text = format!("Drew {} items ({id}):\n{}", selected.len(), selected.join("\n"));
    if !before_checks.is_empty() {
        let name = &population.body.name;
        let lacks = before_checks.join("\n- ");
        text.push_str(&format!(
            "\nWarning: they were drawn before “{name}” was accepted as complete and accurate, and no conclusion rests on it until then. Record the checks with: tickmark examine checks --engagement {} --population {}\n- {lacks}",
            args.file.engagement, population.id
        ));
    }
    Answer::new(&value, text)
}

fn pair<'a>(name: &str, text: &'a str) -> Result<(&'a str, &'a str), Failed> {
    let wrong = || Failed(format!("--{name}: write NAME=VALUE, not “{text}”."));
    text.split_once('=')
        .filter(|(left, right)| !left.is_empty() && !right.is_empty())
        .ok_or_else(wrong)
}

/// `tickmark examine census`.
///
/// # Errors
/// One sentence on what is wrong and what to do.
pub fn census(cx: &Context, args: &CensusArgs) -> Outcome {
    let now = cx.env().now();
    let (name, procedure) = match (&args.library, &args.procedure) {
        (Some(id), _) => (id.clone(), engine::library_test(id)?.to_owned()),
        (None, Some(path)) => {
            let name =
                path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
            (name, text(path)?)
        }
        (None, None) => {
            return Err(Failed("Name a test with --library or --procedure.".to_owned()));
        }
    };
    let mut bound: Vec<(String, String)> = Vec::new();
    for given in &args.populations {
        let (alias, population) = pair("population", given)?;
        bound.push((alias.to_owned(), population.to_owned()));
    }
    let mut values = BTreeMap::new();
    for given in &args.params {
        let (name, value) = pair("param", given)?;
        values.insert(name.to_owned(), value.to_owned());
    }
    let asked = args.clone();
    let (test, populations) = cx.db.read_blocking(move |conn| {
        let permit = permit::<PerformTests>(conn, &asked.file, now)?;
        let test = test_of(conn, &permit, &asked.test)?;
        let mut populations = BTreeMap::new();
        for (alias, name) in &bound {
            populations.insert(alias.clone(), population_of(conn, &permit, name)?);
        }
        Ok((test, populations))
    })?;
    let request = CensusRequest {
        test: test.id,
        procedure: &name,
        text: &procedure,
        populations: &populations,
        values: &values,
    };
    let input = engine::census(&cx.blobs, &request, &())?;
    let body = input.body.clone();
    let (file, mut env) = (args.file.clone(), cx.env());
    let id = cx.db.write_blocking(move |tx| {
        let permit = permit::<PerformTests>(tx, &file, now)?;
        service::record_census(tx, &mut env, &permit, &input)
    })?;
    let value = json!({
        "census": id,
        "population": body.population,
        "pass": body.pass,
        "exceptions": body.exceptions,
        "unmatched": body.unmatched,
        "excluded": body.excluded,
        "result_sha256": body.result_sha256,
    });
    let text = format!(
        "{} items: {} pass, {} exceptions, {} unmatched, {} excluded ({id}).",
        body.population, body.pass, body.exceptions, body.unmatched, body.excluded
    );
    Answer::new(&value, text)
}

/// `tickmark examine check`: draws the samples of a test again from hash and seed.
///
/// # Errors
/// One sentence on what is wrong and what to do.
pub fn check(cx: &Context, args: &CheckArgs) -> Outcome {
    let now = cx.env().now();
    let asked = args.clone();
    let drawn = cx.db.read_blocking(move |conn| {
        let permit = permit::<ReadFile>(conn, &asked.file, now)?;
        let file = store::file_of(permit.facts())?;
        let test = test_of(conn, &permit, &asked.test)?;
        let mut out = Vec::new();
        for sample in store::samples(conn, file, test.id)? {
            if let (true, Some(id)) = (sample.body.method.is_derived(), sample.body.population) {
                let population = store::population(conn, file, id)?.ok_or(Refusal::NotFound)?;
                out.push((sample, population));
            }
        }
        Ok(out)
    })?;
    let mut differing = Vec::new();
    for (sample, population) in &drawn {
        if !engine::rederive(&cx.blobs, &population.body, &sample.body)? {
            differing.push(sample.id.to_string());
        }
    }
    let value = json!({ "samples": drawn.len(), "differing": differing });
    let text = if differing.is_empty() {
        format!("{} samples were drawn again and are the same.", drawn.len())
    } else {
        format!("Drawn again, these samples differ: {}.", differing.join(", "))
    };
    Ok(Answer::new(&value, text)?.no_if(!differing.is_empty()))
}
