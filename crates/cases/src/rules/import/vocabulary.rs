//! The words of this room that foreign words are mapped onto.

kernel::words! {
    /// Where a case stands (receive, assess, address, conclude in ISO 37002's order).
    CaseState {
        /// Received; nobody has acted on it yet.
        New = "new",
        /// A person has confirmed that it was received.
        Acknowledged = "acknowledged",
        /// Being worked on.
        InProgress = "in_progress",
        /// Waits for the person who reported it.
        AwaitingReporter = "awaiting_reporter",
        /// Waits for a vendor.
        AwaitingVendor = "awaiting_vendor",
        /// Waits for something else inside: a problem, a change, evidence.
        AwaitingInternal = "awaiting_internal",
        /// The work is done; the outcome may still be contested.
        Resolved = "resolved",
        /// Concluded.
        Closed = "closed",
        /// Taken back or opened by mistake.
        Withdrawn = "withdrawn",
    }
}

impl CaseState {
    /// Whether nothing more is expected to happen to the case.
    #[must_use]
    pub const fn is_concluded(self) -> bool {
        matches!(self, Self::Closed | Self::Withdrawn)
    }
}

kernel::words! {
    /// How much harm is at stake, most first.
    Severity {
        /// A commitment to many users is being missed, or data is exposed.
        Critical = "critical",
        /// An important function fails for some.
        High = "high",
        /// Work is hindered.
        Moderate = "moderate",
        /// An inconvenience or a question.
        Low = "low",
    }
}

kernel::words! {
    /// What was reported, in the words of criteria CC2.2 and CC2.3.
    CaseKind {
        /// Something did not work as committed.
        Failure = "failure",
        /// An event that harmed, or could have harmed, security, availability or confidentiality.
        Incident = "incident",
        /// Something that looks wrong and has not yet failed.
        Concern = "concern",
        /// Dissatisfaction of somebody outside.
        Complaint = "complaint",
    }
}
