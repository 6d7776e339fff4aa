//! The figures about an organisation's cases, from its tables.

use crate::rules::analysis::{Analyser, Analysis, AnalysisOptions, CaseFacts, ChangeFacts};
use crate::store;
use kernel::ids::PartyId;
use platform::db::{Conn, Result};
use std::collections::HashMap;

/// Every figure about the organisation's cases: those filed here, and those taken over with their
/// histories.
///
/// # Errors
/// When the database refuses.
pub fn analyse(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    options: AnalysisOptions,
) -> Result<Analysis> {
    let mut histories: HashMap<String, Vec<ChangeFacts>> = HashMap::new();
    store::each_change(conn, organisation, |change| {
        histories.entry(change.key.clone()).or_default().push(ChangeFacts::from(&change));
        Ok(())
    })?;
    let mut analyser = Analyser::new(options);
    store::each_case(conn, organisation, |case, snapshot| {
        let facts = snapshot.as_ref().map_or_else(|| store::facts_of(&case), CaseFacts::from);
        let mut history = histories.remove(&facts.number).unwrap_or_default();
        analyser.add(&facts, &mut history);
        Ok(())
    })?;
    Ok(analyser.finish())
}
