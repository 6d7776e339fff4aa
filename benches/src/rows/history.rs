//! The import of another system's whole history: once, interrupted and gone on with, and again.

use crate::figures::{Line, Target};
use crate::product::Deployment;
use crate::{Bench, Result};
use rusqlite::Connection;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// Incidents and events of the whole event log of UCI data set 498, of which the mapping that comes with
/// the program speaks.
const INCIDENTS: u64 = 24_918;
const EVENTS: u64 = 141_712;

const MAPPING: &str = include_str!("../../../catalog/mappings/servicenow-event-log.toml");
const HEADINGS: &str = "number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_by,opened_at,sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory,u_symptom,cmdb_ci,impact,urgency,priority,assignment_group,assigned_to,knowledge,u_priority_confirmation,notify,problem_id,rfc,vendor,caused_by,closed_code,resolved_by,resolved_at,closed_at";

/// Steps of a plain congruential generator: the same history on every machine.
const fn mixed(n: u64, turn: u64) -> u64 {
    let mut x = n.wrapping_mul(turn + 1).wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (x ^ (x >> 31)) >> 33
}

/// How many events each incident has: two to nine, and together as many as asked for.
fn events_of(incidents: u64, events: u64) -> Vec<u64> {
    let mut of: Vec<u64> = (0..incidents).map(|n| 2 + mixed(n, 1) % 8).collect();
    let mut sum: u64 = of.iter().sum();
    let mut n = 0;
    while sum != events {
        let place = n % of.len();
        if sum < events {
            of[place] += 1;
            sum += 1;
        } else if of[place] > 1 {
            of[place] -= 1;
            sum -= 1;
        }
        n += 1;
    }
    of
}

/// A time as the log writes it, day first, `minutes` after the beginning of March 2016.
fn time(minutes: u64) -> String {
    let (day, minute) = (minutes / 1_440, minutes % 1_440);
    // Months of 28 days: every date that is written exists.
    let (month, day) = (day / 28, day % 28 + 1);
    format!("{day}/{}/{} {:02}:{:02}", month % 12 + 1, 2016 + month / 12, minute / 60, minute % 60)
}

/// Writes the history, the events of an incident one after the other.
fn write(path: &Path, incidents: u64, events: u64) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "{HEADINGS}")?;
    for (n, of_this) in (0..).zip(events_of(incidents, events)) {
        let opened = n * 17;
        let closed = opened + 60 + mixed(n, 2) % 30_000;
        for k in 0..of_this {
            let last = k + 1 == of_this;
            let state = match k {
                _ if last => "Closed",
                0 => "New",
                _ => {
                    ["Active", "Awaiting User Info", "Resolved"][usize::try_from(mixed(n, k) % 3)?]
                }
            };
            writeln!(
                out,
                "INC{n:07},{state},{},{},0,{k},{},Caller {},Opened by  {},{},Created by {},{},Updated by {},{},Phone,Location {},Category {},Subcategory {},Symptom {},?,2 - Medium,2 - Medium,{},Group {},Resolver {},true,false,Do Not Notify,?,?,?,?,code {},Resolved by {},{},{}",
                !last,
                k / 3,
                mixed(n, 3).is_multiple_of(2),
                mixed(n, 4) % 5_000,
                mixed(n, 5) % 400,
                time(opened),
                mixed(n, 5) % 400,
                time(opened + 5),
                mixed(n, k + 6) % 800,
                time(opened + 10 + k * 37),
                mixed(n, 7) % 220,
                mixed(n, 8) % 60,
                mixed(n, 9) % 260,
                mixed(n, 10) % 500,
                ["1 - Critical", "2 - High", "3 - Moderate", "4 - Low"]
                    [usize::try_from(mixed(n, 11) % 4)?],
                mixed(n, 12) % 70,
                mixed(n, 13) % 230,
                mixed(n, 14) % 17,
                mixed(n, 15) % 200,
                time(closed),
                time(closed + 7_200),
            )?;
        }
    }
    Ok(out.flush()?)
}

struct Run {
    seconds: f64,
    accepted: u64,
    known: u64,
}

fn import(deployment: &Deployment, file: &str, mapping: &str) -> Result<Run> {
    let began = Instant::now();
    let said = deployment.run(&["cases", "import", file, "--mapping", mapping])?;
    let seconds = began.elapsed().as_secs_f64();
    let figure = |name: &str| said["report"][name].as_u64().ok_or("the report says less");
    if figure("refused")? != 0 {
        return Err(format!("rows were refused: {said}").into());
    }
    Ok(Run { seconds, accepted: figure("accepted")?, known: figure("already_imported")? })
}

fn register(deployment: &Deployment) -> Result<(u64, u64)> {
    let conn = Connection::open(deployment.database())?;
    let count = |table: &str| -> Result<u64> {
        let n: i64 =
            conn.query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get(0))?;
        Ok(u64::try_from(n)?)
    };
    Ok((count("case_record")?, count("case_import_row")?))
}

/// Measures.
pub fn run(bench: &Bench) -> Result<Vec<Line>> {
    let (incidents, events) =
        if bench.quick { (INCIDENTS / 10, EVENTS / 10) } else { (INCIDENTS, EVENTS) };
    let (file, mapping) = (bench.fresh("history.csv"), bench.fresh("history.toml"));
    write(&file, incidents, events)?;
    std::fs::write(&mapping, MAPPING)?;
    let (file, mapping) = (file.to_string_lossy(), mapping.to_string_lossy());
    let whole = Deployment::init(&bench.program, &bench.fresh("history"), None)?;
    let first = import(&whole, &file, &mapping)?;
    if first.accepted != events || register(&whole)? != (incidents, events) {
        return Err(format!("{} of {events} events were recorded", first.accepted).into());
    }
    let again = import(&whole, &file, &mapping)?;
    if (again.accepted, again.known) != (0, events) || register(&whole)? != (incidents, events) {
        return Err("a second run changed something".into());
    }
    std::fs::remove_dir_all(&whole.folder)?;

    // Stopped in the middle without a warning, then run again: what was recorded stays, the rest follows.
    let broken = Deployment::init(&bench.program, &bench.fresh("history-broken"), None)?;
    let arguments = ["cases", "import", &*file, "--mapping", &*mapping];
    broken.interrupt(&arguments, Duration::from_secs_f64(first.seconds * 0.4))?;
    let (_, kept) = register(&broken)?;
    let rest = import(&broken, &file, &mapping)?;
    if rest.accepted + rest.known != events
        || rest.known != kept
        || register(&broken)? != (incidents, events)
    {
        return Err(format!("{kept} kept, then {} known, {} new", rest.known, rest.accepted).into());
    }
    std::fs::remove_dir_all(&broken.folder)?;
    let size = crate::figures::number(events as f64);
    let mut whole = Line::new(format!("import of {size} events"), "s", vec![first.seconds]);
    if !bench.quick {
        whole = whole.target(Target::Below(30.0));
    }
    Ok(vec![
        whole,
        Line::new("the same again, nothing new", "s", vec![again.seconds]),
        Line::new(
            "share recorded when it was stopped",
            "%",
            vec![kept as f64 * 100.0 / events as f64],
        ),
        Line::new("the rest after that", "s", vec![rest.seconds]),
    ])
}
