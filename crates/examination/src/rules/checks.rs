//! What types cannot check of the facts: sizes, duplicates, references, and that the parts fit.

use super::criteria::Criterion;
use super::facts::{Facts, MAX_ENTRIES, Prong, ReportType};
use super::item::Fault;
use super::words::shown;

impl Facts {
    /// Checks what types cannot: sizes, duplicates, references, and that the parts fit together.
    pub fn validate(&self) -> Result<(), Fault> {
        self.check_sizes()?;
        unique("control", self.controls.iter().map(|control| control.id.as_str()))?;
        unique("commitment", self.commitments.iter().map(|entry| entry.id.as_str()))?;
        unique("CUEC", self.cuecs.iter().map(|entry| entry.id.as_str()))?;
        unique("CSOC", self.csocs.iter().map(|entry| entry.id.as_str()))?;
        let named: Vec<String> = self.criteria.iter().map(|entry| entry.id.to_string()).collect();
        unique("criterion", named.iter().map(String::as_str))?;
        let scope = self.in_scope();
        if scope.is_empty() {
            return Err(Fault::new("No criterion is left in scope; check not_applicable."));
        }
        self.check_criteria(&scope)?;
        self.check_policy()?;
        if self.report_type == ReportType::One
            && self.scope_limitations.iter().any(|limit| limit.prongs.contains(&Prong::Operation))
        {
            return Err(Fault::new(
                "A type 1 examination has no prong on operation; name description or design in scope_limitations.",
            ));
        }
        Ok(())
    }

    fn check_sizes(&self) -> Result<(), Fault> {
        let lists = [
            ("controls", self.controls.len()),
            ("criteria", self.criteria.len()),
            ("commitments", self.commitments.len()),
            ("description.misstatements", self.description.misstatements.len()),
            ("scope_limitations", self.scope_limitations.len()),
            ("not_applicable", self.not_applicable.len()),
            ("cuecs", self.cuecs.len()),
            ("csocs", self.csocs.len()),
        ];
        match lists.iter().find(|(_, length)| *length > MAX_ENTRIES) {
            Some((name, length)) => Err(Fault::new(format!(
                "{name} has {length} entries; at most {MAX_ENTRIES} are read."
            ))),
            None => Ok(()),
        }
    }

    fn check_criteria(&self, scope: &[Criterion]) -> Result<(), Fault> {
        for na in &self.not_applicable {
            if na.reason.trim().is_empty() {
                return Err(Fault::new(format!(
                    "{} is marked not applicable without a reason; the description must give one (DC8).",
                    na.criterion
                )));
            }
        }
        for entry in &self.criteria {
            if !scope.contains(&entry.id) {
                return Err(Fault::new(format!(
                    "{} is not in scope; add its category ({}) to categories or take it out of criteria.",
                    entry.id,
                    entry.id.category()
                )));
            }
            let compensating = entry.compensation.iter().flat_map(|c| &c.controls);
            for id in compensating {
                if !self.controls.iter().any(|control| control.id == *id) {
                    return Err(Fault::new(format!(
                        "The compensation of {} names control {}, which is not among the controls; add it with its criteria and result.",
                        entry.id,
                        shown(id, 40)
                    )));
                }
            }
        }
        Ok(())
    }

    fn check_policy(&self) -> Result<(), Fault> {
        let policy = &self.policy;
        if policy.pervasive_categories == 0
            || policy.pervasive_series == 0
            || policy.pervasive_share.is_zero()
        {
            return Err(Fault::new(
                "The thresholds for pervasive must be at least 1 category, 1 series and a share above 0%.",
            ));
        }
        match policy.entity_level_series.iter().find(|name| !Criterion::is_series(name)) {
            Some(name) => Err(Fault::new(format!(
                "\"{}\" in policy.entity_level_series is not a series; write names such as CC1.",
                shown(name, 20)
            ))),
            None => Ok(()),
        }
    }
}

fn unique<'a>(what: &str, ids: impl Iterator<Item = &'a str>) -> Result<(), Fault> {
    let mut seen = std::collections::HashSet::new();
    for id in ids {
        if id.trim().is_empty() {
            return Err(Fault::new(format!("A {what} has no id; give each one.")));
        }
        if !seen.insert(id) {
            return Err(Fault::new(format!(
                "The {what} {} is listed twice; list it once with everything known of it.",
                shown(id, 40)
            )));
        }
    }
    Ok(())
}
