//! What another system said about a case, row by row, and the state of the case that follows.

use std::collections::BTreeMap;
use std::fmt;

use kernel::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::mapping::Field;
use super::vocabulary::{CaseKind, CaseState, Severity};

/// SHA-256 over what a row said: source, mapping revision, key, sequence, and every cell that is
/// not missing, by column name. The same row read twice has the same digest, wherever it stands in
/// the file and in whatever order the columns come.
///
/// Serialised as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowDigest(pub [u8; 32]);

impl RowDigest {
    /// 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    /// Reads 64 hexadecimal digits; `None` for anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        let mut bytes = [0u8; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// The first half, which is enough to find repeats inside one file in half the memory.
    pub(super) fn short(&self) -> [u8; 16] {
        let mut half = [0u8; 16];
        half.copy_from_slice(&self.0[..16]);
        half
    }
}

impl fmt::Debug for RowDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RowDigest({})", self.to_hex())
    }
}

impl Serialize for RowDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for RowDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_hex(&text)
            .ok_or_else(|| de::Error::custom("a row digest is 64 hexadecimal digits"))
    }
}

/// Where a change stands among the changes of its case. Later is greater.
///
/// The order columns of the mapping decide. Where they are equal the later import run wins, and
/// inside one run the later row of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChangeOrder {
    /// Values of the order columns: whole numbers, or times in microseconds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sequence: Vec<i64>,
    /// Number of the import run, rising; given by the caller.
    pub run: u32,
    /// Row of the file; the heading is row 1.
    pub row: u64,
}

/// Everything a row can say about a case. What is missing in the row is `None`.
///
/// Words of the other system are kept as written (`…_source`), beside their meaning in ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CaseFields {
    /// One line that names the matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The account of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Kind, in our words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<CaseKind>,
    /// Kind, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind_source: Option<String>,
    /// State, in our words; `None` when the mapping gives the word no meaning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<CaseState>,
    /// State, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_source: Option<String>,
    /// Whether the other system counts the case as active.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Severity, in our words, from the severity column or else the priority column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Severity, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity_source: Option<String>,
    /// Priority, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
    /// Impact, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// Urgency, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<String>,
    /// Category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Subcategory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subcategory: Option<String>,
    /// What the reporter noticed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub symptom: Option<String>,
    /// Channel by which it came: telephone, mail, portal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_type: Option<String>,
    /// Place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The component it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asset: Option<String>,
    /// Who reported it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// Who took the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened_by: Option<String>,
    /// The group that handles it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignment_group: Option<String>,
    /// The person who handles it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<String>,
    /// Who resolved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved_by: Option<String>,
    /// Who made the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// Who made this change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    /// Why it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_code: Option<String>,
    /// When the matter was reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Timestamp>,
    /// When a person confirmed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<Timestamp>,
    /// When it was resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// When the record was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When this change was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// Whether the promised times have been kept so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sla_made: Option<bool>,
    /// How often it was reopened so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reopen_count: Option<u32>,
    /// How often it changed hands so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reassignment_count: Option<u32>,
    /// The problem record it is linked to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// The change request that is to solve it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_request: Option<String>,
    /// The change that caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caused_by: Option<String>,
    /// The vendor concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// Columns that the mapping keeps without giving them a meaning, by column name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, String>,
}

impl CaseFields {
    /// The place of a field that holds words.
    pub(super) fn text_mut(&mut self, field: Field) -> Option<&mut Option<String>> {
        Some(match field {
            Field::Title => &mut self.title,
            Field::Description => &mut self.description,
            Field::Kind => &mut self.kind_source,
            Field::State => &mut self.state_source,
            Field::Severity => &mut self.severity_source,
            Field::Priority => &mut self.priority,
            Field::Impact => &mut self.impact,
            Field::Urgency => &mut self.urgency,
            Field::Category => &mut self.category,
            Field::Subcategory => &mut self.subcategory,
            Field::Symptom => &mut self.symptom,
            Field::ContactType => &mut self.contact_type,
            Field::Location => &mut self.location,
            Field::Asset => &mut self.asset,
            Field::Caller => &mut self.caller,
            Field::OpenedBy => &mut self.opened_by,
            Field::AssignmentGroup => &mut self.assignment_group,
            Field::AssignedTo => &mut self.assigned_to,
            Field::ResolvedBy => &mut self.resolved_by,
            Field::CreatedBy => &mut self.created_by,
            Field::UpdatedBy => &mut self.updated_by,
            Field::CloseCode => &mut self.close_code,
            Field::Problem => &mut self.problem,
            Field::ChangeRequest => &mut self.change_request,
            Field::CausedBy => &mut self.caused_by,
            Field::Vendor => &mut self.vendor,
            _ => return None,
        })
    }

    /// How many bytes its texts of unbounded length have. The others are at most a few thousand.
    pub(crate) fn text_bytes(&self) -> usize {
        self.description.as_ref().map_or(0, String::len)
            + self.extra.iter().map(|(name, text)| name.len() + text.len()).sum::<usize>()
    }

    /// The place of a field that holds a point in time.
    pub(super) fn time_mut(&mut self, field: Field) -> Option<&mut Option<Timestamp>> {
        Some(match field {
            Field::OpenedAt => &mut self.opened_at,
            Field::AcknowledgedAt => &mut self.acknowledged_at,
            Field::ResolvedAt => &mut self.resolved_at,
            Field::ClosedAt => &mut self.closed_at,
            Field::CreatedAt => &mut self.created_at,
            Field::UpdatedAt => &mut self.updated_at,
            _ => return None,
        })
    }

    /// The place of a field that holds a count.
    pub(super) fn count_mut(&mut self, field: Field) -> Option<&mut Option<u32>> {
        Some(match field {
            Field::ReopenCount => &mut self.reopen_count,
            Field::ReassignmentCount => &mut self.reassignment_count,
            _ => return None,
        })
    }

    /// The place of a field that holds yes or no.
    pub(super) fn yes_no_mut(&mut self, field: Field) -> Option<&mut Option<bool>> {
        Some(match field {
            Field::Active => &mut self.active,
            Field::SlaMade => &mut self.sla_made,
            _ => return None,
        })
    }
}

/// One row of the other system as a fact about one case: the payload of an event.
///
/// A row states the whole record as it was at that moment; what it leaves out is missing then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportedChange {
    /// The case's number in the other system.
    pub key: String,
    /// Its place among the changes of the case.
    pub order: ChangeOrder,
    /// What makes a second import of the same row recognisable.
    pub digest: RowDigest,
    /// What the row says.
    pub fields: CaseFields,
}

impl ImportedChange {
    /// When the change happened in the other system, as far as the row says.
    #[must_use]
    pub const fn occurred_at(&self) -> Option<Timestamp> {
        self.fields.updated_at
    }
}

/// A case as the changes seen so far describe it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CaseSnapshot {
    /// The case's number in the other system.
    pub key: String,
    /// How many changes were folded in.
    pub changes: u64,
    /// The place of the change that `fields` comes from; `None` before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<ChangeOrder>,
    /// The last change's fields: greatest sequence, then last run, then last row.
    pub fields: CaseFields,
    /// The greatest reopen count of any change.
    pub reopen_count_max: u32,
    /// The earliest change whose state is known and is not `new`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_new_at: Option<Timestamp>,
}

/// Adds a change to what is known of its case.
///
/// The result does not depend on the order in which changes arrive: the last in
/// [`ChangeOrder`] gives the fields, and the rest are maxima, minima and counts. A change must be
/// folded once; the caller recognises repeats by their digest.
pub fn fold(snapshot: &mut CaseSnapshot, change: &ImportedChange) {
    snapshot.changes = snapshot.changes.saturating_add(1);
    let reopened = change.fields.reopen_count.unwrap_or(0);
    snapshot.reopen_count_max = snapshot.reopen_count_max.max(reopened);
    if let (Some(state), Some(at)) = (change.fields.state, change.fields.updated_at)
        && state != CaseState::New
    {
        snapshot.left_new_at = Some(snapshot.left_new_at.map_or(at, |known| known.min(at)));
    }
    if snapshot.order.as_ref().is_none_or(|last| *last <= change.order) {
        snapshot.key.clone_from(&change.key);
        snapshot.order = Some(change.order.clone());
        snapshot.fields.clone_from(&change.fields);
    }
}
