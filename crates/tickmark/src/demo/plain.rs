//! The tests of July that found nothing: what was looked at, and which items.

/// A test of items that the senior picked, all of which passed: code of the control, what was looked
/// at, what an item is called, what must hold, and the items.
pub(super) struct Plain(
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static [&'static str],
);

const QUARTERS: &[&str] = &["first quarter", "second quarter"];
const YEAR: &[&str] = &["2026"];
const DAYS: &[&str] = &[
    "12 January",
    "3 February",
    "19 February",
    "10 March",
    "7 April",
    "28 April",
    "20 May",
    "16 June",
];

pub(super) const PLAIN: [Plain; 20] = [
    Plain(
        "GOV-01",
        "the code of conduct and its approval",
        "yearly approvals",
        "executive leadership approved the code of conduct and it was published",
        YEAR,
    ),
    Plain(
        "GOV-04",
        "minutes of the board",
        "meetings",
        "the board met, with a member from outside management, and reviewed security, risk and controls",
        QUARTERS,
    ),
    Plain(
        "GOV-07",
        "the register of controls with its confirmations",
        "quarterly confirmations",
        "every control had an owner and a deputy and was confirmed",
        QUARTERS,
    ),
    Plain(
        "HR-04",
        "training records",
        "new workers",
        "training was completed within 30 days of starting",
        &["W-041", "W-042", "W-044", "W-047", "W-050"],
    ),
    Plain(
        "COM-01",
        "the page on internal reporting channels",
        "yearly reviews",
        "the page names every channel and was reviewed",
        YEAR,
    ),
    Plain(
        "COM-03",
        "contracts, the public site and in-product help",
        "half-yearly checks",
        "the text on how to report was checked and correct",
        &["January", "June"],
    ),
    Plain(
        "COM-09",
        "architecture and data-flow diagrams",
        "half-yearly reviews",
        "the diagrams were reviewed and agree with the system",
        &["February"],
    ),
    Plain(
        "RSK-02",
        "the risk assessment of 2026",
        "assessments",
        "assets, threats, vulnerabilities, vendors and commitments were assessed",
        YEAR,
    ),
    Plain(
        "RSK-03",
        "minutes of the fraud-risk session",
        "sessions",
        "schemes, incentives, opportunities and responses were recorded",
        YEAR,
    ),
    Plain(
        "RSK-06",
        "the risk register and its links to controls",
        "quarterly reviews",
        "each risk above appetite is linked to a control or is a remediation task",
        QUARTERS,
    ),
    Plain(
        "RSK-09",
        "the insurance policy and its review",
        "yearly reviews",
        "cover was reviewed against the risk register",
        YEAR,
    ),
    Plain(
        "MON-01",
        "reports of the compliance team's own tests",
        "quarterly reports",
        "controls were tested and results reported to their owners",
        QUARTERS,
    ),
    Plain(
        "AST-03",
        "device management compliance by day",
        "days",
        "every enrolled workstation met disk encryption, screen lock and system version",
        DAYS,
    ),
    Plain(
        "IAM-04",
        "access tickets",
        "grants beyond the role default",
        "the manager and the system owner approved before access was given",
        &["T-2107", "T-2133", "T-2168", "T-2190", "T-2214"],
    ),
    Plain(
        "IAM-07",
        "access reviews",
        "quarterly reviews",
        "all accounts were reviewed and removals done within ten business days",
        QUARTERS,
    ),
    Plain(
        "VUL-01",
        "hardening baselines",
        "platform types",
        "the baseline was approved this year",
        &["Linux host", "Database", "Workstation"],
    ),
    Plain(
        "AVL-04",
        "backup jobs by day",
        "days",
        "all backups ran or were rerun within one business day",
        DAYS,
    ),
    Plain(
        "AVL-08",
        "the report of the failover exercise",
        "exercises",
        "the exercise was run, compared with targets, and gaps were closed",
        YEAR,
    ),
    Plain(
        "AVL-09",
        "monthly availability computations",
        "months",
        "availability was computed by the documented rule and compared with the commitment",
        &["February", "April"],
    ),
    Plain(
        "PHY-02",
        "the hosting provider's assurance report and its review",
        "yearly reviews",
        "physical safeguards were confirmed from the report",
        YEAR,
    ),
];
