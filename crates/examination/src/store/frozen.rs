//! The organisation's registers as they were when the file was locked.
//!
//! A locked file speaks of the controls as they were described and tested. What the organisation changes
//! afterwards belongs to its next period: it is read from the log's history, never from the live registers.

use crate::store::Papers;
use commitments::events::CommitmentEvent;
use commitments::model::Kept;
use controls::events::ControlEvent;
use kernel::event::Entry;
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result};
use platform::journal;
use scope::events::ScopeEvent;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// What the log says of a subject up to a time.
struct Until<E> {
    /// The entries up to then, oldest first; erased ones are left out.
    events: Vec<(Entry, E)>,
    /// Whether there are later ones.
    later: bool,
}

fn until<E: DeserializeOwned>(
    conn: &mut Conn<'_>,
    subject: &str,
    at: Timestamp,
) -> Result<Until<E>> {
    let mut out = Until { events: Vec::new(), later: false };
    for (entry, _, payload) in journal::history(conn, subject)? {
        if entry.recorded_at > at {
            out.later = true;
            break;
        }
        let Some(payload) = payload else { continue };
        let event = serde_json::from_slice(&payload)
            .map_err(|e| DbError::Shape(format!("the payload of {}: {e}", entry.id)))?;
        out.events.push((entry, event));
    }
    Ok(out)
}

impl Papers {
    /// Puts the organisation's registers back to how they were at the lock; nothing for an open file.
    pub(super) fn freeze(&mut self, conn: &mut Conn<'_>) -> Result<()> {
        let Some(at) = self.engagement.moved_at.filter(|_| self.engagement.locked()) else {
            return Ok(());
        };
        self.freeze_controls(conn, at)?;
        self.freeze_promises(conn, at)?;
        self.freeze_system(conn, at)
    }

    fn freeze_controls(&mut self, conn: &mut Conn<'_>, at: Timestamp) -> Result<()> {
        let mut kept = Vec::with_capacity(self.controls.len());
        for mut control in std::mem::take(&mut self.controls) {
            let told = until::<ControlEvent>(conn, &control.id.to_string(), at)?;
            if told.later {
                if told.events.is_empty() {
                    continue;
                }
                self.changed_since.insert(control.id);
                control.active = true;
                for (entry, event) in told.events {
                    control.version = entry.version;
                    match event {
                        ControlEvent::ControlStated(x) => control.text = x.text,
                        ControlEvent::ControlRetired(_) => control.active = false,
                        _ => {}
                    }
                }
            }
            kept.push(control);
        }
        kept.sort_by(|a, b| a.text.code.cmp(&b.text.code));
        self.controls = kept;
        Ok(())
    }

    fn freeze_promises(&mut self, conn: &mut Conn<'_>, at: Timestamp) -> Result<()> {
        let mut commitments = Vec::with_capacity(self.commitments.len());
        for mut commitment in std::mem::take(&mut self.commitments) {
            let told = until::<CommitmentEvent>(conn, &commitment.id.to_string(), at)?;
            if told.later && told.events.is_empty() {
                self.kept.remove(&commitment.id);
                continue;
            }
            if told.later {
                let mut windows: BTreeMap<String, Kept> = BTreeMap::new();
                for (entry, event) in told.events {
                    match event {
                        CommitmentEvent::CommitmentStated(x) => {
                            // A result of a window is no new version of what was promised.
                            commitment.version = entry.version;
                            commitment.code = x.code;
                            commitment.category = x.category;
                            commitment.statement = x.statement;
                            commitment.principal = x.principal;
                            commitment.sources = x.sources;
                            commitment.owner = x.owner;
                        }
                        CommitmentEvent::Kept(x) => {
                            windows.insert(x.window.clone(), x);
                        }
                        CommitmentEvent::RequirementStated(_) => {}
                    }
                }
                self.kept.insert(commitment.id, windows.into_values().collect());
            }
            commitments.push(commitment);
        }
        commitments.sort_by(|a, b| a.code.cmp(&b.code));
        self.commitments = commitments;
        let mut requirements = Vec::with_capacity(self.requirements.len());
        for mut requirement in std::mem::take(&mut self.requirements) {
            let told = until::<CommitmentEvent>(conn, &requirement.id.to_string(), at)?;
            if told.later && told.events.is_empty() {
                continue;
            }
            if told.later {
                for (entry, event) in told.events {
                    requirement.version = entry.version;
                    if let CommitmentEvent::RequirementStated(x) = event {
                        requirement.code = x.code;
                        requirement.kind = x.kind;
                        requirement.statement = x.statement;
                        requirement.commitments = x.commitments;
                        requirement.criteria = x.criteria;
                    }
                }
            }
            requirements.push(requirement);
        }
        requirements.sort_by(|a, b| a.code.cmp(&b.code));
        self.requirements = requirements;
        Ok(())
    }

    fn freeze_system(&mut self, conn: &mut Conn<'_>, at: Timestamp) -> Result<()> {
        let mut subservices = Vec::with_capacity(self.subservices.len());
        for mut subservice in std::mem::take(&mut self.subservices) {
            let told = until::<ScopeEvent>(conn, &subservice.id.to_string(), at)?;
            if told.later && told.events.is_empty() {
                continue;
            }
            if told.later {
                for (_, event) in told.events {
                    if let ScopeEvent::SubserviceDescribed(x) = event {
                        subservice.name = x.name;
                        subservice.service = x.service;
                        subservice.method = x.method;
                        subservice.assumed_controls = x.assumed_controls;
                    }
                }
            }
            subservices.push(subservice);
        }
        subservices.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
        self.subservices = subservices;
        let subject = format!("user-entity-controls:{}", self.engagement.organisation);
        let told = until::<ScopeEvent>(conn, &subject, at)?;
        if told.later {
            self.user_entity_controls = told
                .events
                .into_iter()
                .filter_map(|(_, event)| match event {
                    ScopeEvent::UserEntityControlsStated(x) => Some(x.controls),
                    _ => None,
                })
                .next_back()
                .unwrap_or_default();
        }
        Ok(())
    }
}
