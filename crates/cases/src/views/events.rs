//! What can happen to views and tags. Kinds are frozen: a changed shape is a new version.

use super::model::ViewId;
use crate::model::CaseId;
use kernel::ids::{PartyId, PersonId};
use serde::{Deserialize, Serialize};

/// A view as it stands after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ViewSaved {
    /// Its id.
    pub id: ViewId,
    /// The organisation.
    pub organisation: PartyId,
    /// Who keeps it.
    pub owner: PersonId,
    /// What it is called.
    pub name: String,
    /// The filters as they stand in an address.
    pub query: String,
    /// Whether everybody of the organisation sees it.
    pub shared: bool,
}

/// A view was taken away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ViewRemoved {
    /// Which.
    pub id: ViewId,
}

/// A tag was put on a case or taken off it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseTagged {
    /// The organisation.
    pub organisation: PartyId,
    /// The case.
    pub case: CaseId,
    /// The tag.
    pub tag: String,
    /// Whether it is on the case from now on.
    pub on: bool,
}

kernel::events! {
    /// What can happen to views and tags.
    pub enum ViewEvent in "views" {
        /// A set of filters was kept under a name, or changed.
        ViewSaved(ViewSaved) = "views.saved.v1",
        /// A view was taken away.
        ViewRemoved(ViewRemoved) = "views.removed.v1",
        /// A tag was put on a case or taken off it.
        CaseTagged(CaseTagged) = "views.case_tagged.v1",
    }
}
